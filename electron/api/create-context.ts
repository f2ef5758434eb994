import type { Change } from '#shared/contract/app.ts';
import type { ShareUse } from '#shared/contract/share.ts';
import { isImmutable } from '#shared/oci/immutable-tags.ts';
import { createBuildServices } from '../build/build-services.ts';
import { createArchiveEngine } from '../engine/archive/archive-engine.ts';
import { createBaseImages } from '../engine/builtin/base-images.ts';
import { createBaseInspector } from '../engine/builtin/base-inspector.ts';
import { createBuildAdvisor } from '../engine/builtin/build-advisor.ts';
import { createBuildRecords } from '../engine/builtin/build-records.ts';
import { createBuiltinEngine } from '../engine/builtin/create-builtin-engine.ts';
import { createDiagnostics } from '../engine/builtin/diagnostics.ts';
import { createProjectReader } from '../engine/builtin/project-reader.ts';
import { retentionOf } from '../engine/builtin/record-retention.ts';
import { createSampleMaker } from '../engine/builtin/sample/make-sample.ts';
import { createSandboxRunner } from '../engine/builtin/sandbox-runner.ts';
import { createCacheOpener } from '../engine/builtin/shared-cache/open-registry-cache.ts';
import { createTagSources } from '../engine/builtin/tag-sources.ts';
import type { TerminalBuilds } from '../engine/builtin/terminal-builds.ts';
import { createRegistryTransfers } from '../engine/registry-transfers.ts';
import { measureVariants } from '../engine/remote/measure-variants.ts';
import { createReferrerReader } from '../engine/remote/referrer-reader.ts';
import { createRegistryBrowser } from '../engine/remote/registry-browser.ts';
import { createRemoteEngine } from '../engine/remote/remote-engine.ts';
import { createTagHistory } from '../engine/tag-history.ts';
import { Broadcast } from '../operations/broadcast.ts';
import { tellOperationChanges } from '../operations/operation-changes.ts';
import { OperationRegistry } from '../operations/operation-registry.ts';
import { appVersion } from '../platform/app-root.ts';
import { strataHome } from '../platform/paths.ts';
import { userName } from '../platform/user-name.ts';
import type { SecretStore } from '../registry/credentials/secret-store.ts';
import { Grants } from '../settings/grants.ts';
import type { BrokenFileNotice } from '../settings/json-document.ts';
import { ProjectsStore } from '../settings/projects-store.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import { ShareControl, type ShareRequest } from '../share/share-control.ts';
import { startShare } from '../share/start-share.ts';
import { openStore } from '../store/store.ts';
import { buildsOfProjects } from './builds-of-projects.ts';
import { EngineList } from './engine-list.ts';
import type { HostContext, HostPort } from './host-context.ts';
import { RegistryConnection } from './registry-connection.ts';

export interface ContextOptions {
  readonly host: HostPort;
  /** Data folder, default `$STRATA_HOME`. */
  readonly home?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** The operating system's secret store, where the host has one. */
  readonly secrets?: SecretStore | undefined;
  /** Where unexpected errors are written down. */
  report(error: unknown): void;
}

/** Assembles the core for one host. Throws `read-only`, `permission` or `disk-full` when the data folder cannot be made. */
export async function createContext(options: ContextOptions): Promise<HostContext> {
  const { host, report, env = process.env, home = strataHome(env) } = options;
  const store = await openStore(home, { via: 'app', user: userName() });
  const onBroken: BrokenFileNotice = ({ path, kept, cause }) =>
    report(new Error(`${path} was broken; it was set aside as ${kept}.`, { cause }));
  const settings = new SettingsStore(home, onBroken);
  const registries = new RegistryConnection({
    home,
    env,
    settings: await settings.get(),
    secrets: options.secrets,
  });
  const bases = createBaseImages(store, async () => registries.client);
  const openCache = createCacheOpener(store, async () => registries.client);
  const services = createBuildServices(store, bases, createSandboxRunner(store), openCache);
  const operations = new OperationRegistry();
  const changes = new Broadcast<Change>(
    (change) => `${change.topic} ${change.engine} ${change.command} ${change.path}`,
  );
  tellOperationChanges(operations, changes);
  // The journal tells of moves by other processes too; without it the page only learns of them later.
  const stopJournal = await store.journal
    .watch(() => changes.emit({ topic: 'tags' }))
    .catch((error: unknown) => {
      report(error);
      return () => {};
    });
  const list = new EngineList({
    builtin: createBuiltinEngine(services, async () => registries.client, { looksAhead: true }),
    changes,
    credentialsFor: registries.credentialsFor,
    env,
  });
  const apply = async (): Promise<void> => {
    const now = await settings.get();
    registries.apply(now);
    await list.connect(now.dockerHost);
  };
  await apply();
  const stopApplying = changes.subscribe(({ topic }) => {
    if (topic === 'settings') apply().catch(report);
  });
  const tagRules = async () => {
    const { floatingTags, immutableRepositories = [] } = await settings.get();
    return { floating: floatingTags, immutable: immutableRepositories };
  };
  const client = async () => registries.client;
  const openShare = (request: ShareRequest, onUse: (use: ShareUse) => void) =>
    startShare(store, {
      ...request,
      onUse,
      isImmutable: async (name) => isImmutable((await tagRules()).immutable, name),
      report,
    });
  const terminals: TerminalBuilds = { isMet: false, lastRefusal: null };
  const share = new ShareControl(openShare, () => changes.emit({ topic: 'share' }));
  const grants = new Grants();
  const projects = new ProjectsStore(home, onBroken);
  const records = createBuildRecords(store.paths.builds(), async () => retentionOf(await settings.get()));
  const builds = buildsOfProjects(records, projects);
  const browser = createRegistryBrowser({ store, client, tagRules });
  return {
    version: appVersion(),
    home,
    host,
    get engines() {
      return list.engines;
    },
    operations,
    changes,
    settings,
    projects,
    grants,
    builds,
    advisor: createBuildAdvisor(store, builds, (base, signal) => measureVariants(browser, base, signal)),
    reader: createProjectReader(bases),
    bases: createBaseInspector({
      store,
      client,
      floatingTags: async () => (await settings.get()).floatingTags,
    }),
    sample: createSampleMaker(store),
    accounts: registries.accounts,
    certificates: registries.certificates,
    transfers: createRegistryTransfers({
      open: async () => registries,
      tagRules,
      journal: store.journal,
    }),
    tags: createTagHistory({ store, client, tagRules }),
    tagSources: createTagSources(builds),
    browser,
    referrers: createReferrerReader(client),
    remote: createRemoteEngine(store, client),
    archives: createArchiveEngine(store, (path) => grants.require(path)),
    diagnostics: createDiagnostics({ home, env, engines: () => list.engines, terminals }),
    terminals,
    share,
    report,
    close: async () => {
      stopApplying();
      stopJournal();
      await share.stop();
      await operations.close();
      await list.close();
      await registries.close();
    },
  };
}
