import type { StrataClient } from '#renderer/client/client.ts';
import type { Change } from '#shared/contract/app.ts';
import type { EngineStatus } from '#shared/contract/engines.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import type { SettingsView } from '#shared/contract/settings.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { createChannel } from './channel.ts';
import { failWith } from './fail-with.ts';
import { createFakeBuilds, sampleBuilds } from './fake-builds.ts';
import { createFakeContainers, sampleContainers } from './fake-containers.ts';
import { createFakeImages, readFakeName } from './fake-image-calls.ts';
import { FAKE_ACCOUNTS, FAKE_DIAGNOSTICS, FAKE_DOCKER, FAKE_USAGE } from './fake-machine.ts';
import { createFakeOperations } from './fake-operations.ts';
import { createFakeProjects, sampleBuiltFolders, sampleProjects } from './fake-projects.ts';
import { fakeBlobs, fakePullNotice, fakePushCheck, fakeTransferError } from './fake-registries.ts';
import { createFakeShare } from './fake-share.ts';
import { createFakeTags, sampleMoves } from './fake-tags.ts';

/** How an invented host behaves. */
export interface FakeHostOptions {
  /** Milliseconds between two steps of long work. */
  readonly beat?: number;
  /** More images, to see a long list. */
  readonly extraImages?: number;
  /** Moves in the journal of tags. */
  readonly moves?: number;
  readonly empty?: boolean;
  /** Names of folders that a terminal built. */
  readonly built?: readonly string[];
  /** A Docker engine answers. */
  readonly docker?: boolean;
  /** Default: a browser. */
  readonly host?: 'web' | 'desktop';
  readonly now?: number;
}

/** An invented host in the page's own process: a client to give to the store, and a hand on its streams. */
export interface FakeHost {
  readonly client: StrataClient;
  /** Tells the page that something changed. */
  change(change: Change): void;
  /** Tells the page that files of the open project changed. */
  touch(paths: readonly string[]): void;
  /** The images as they are now. */
  images(): readonly ImageSummary[];
}

const ENGINES: EngineStatus[] = [
  {
    id: 'builtin',
    name: 'Built-in engine',
    state: 'ready',
    detail: '/home/ada/.local/share/strata',
    hint: null,
    version: '0.1.0',
    rootless: true,
    can: { build: true, predict: true, containers: false, browseFiles: true, prune: true },
  },
  {
    id: 'docker',
    name: 'Docker',
    state: 'unavailable',
    detail: 'Nothing listens at /var/run/docker.sock.',
    hint: 'Start Docker, or set its address in Settings.',
    version: null,
    rootless: false,
    can: { build: true, predict: false, containers: true, browseFiles: false, prune: false },
  },
];

/** Makes an invented host. */
export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const changes = createChannel<Change>();
  const operations = createFakeOperations(options.beat ?? 0);
  let settings: SettingsView = {
    theme: 'system',
    engine: 'builtin',
    dockerHost: '',
    insecureHosts: [],
    mirrors: {},
    floatingTags: ['latest'],
  };
  const changed = (topic: Change['topic']): void => changes.send({ topic });
  const held = createFakeImages({ operations, options, changed });

  const now = options.now ?? 0;
  const projects = createFakeProjects(
    options.empty ? [] : sampleProjects(now),
    () => changed('projects'),
    sampleBuiltFolders(now, options.built ?? []),
  );
  const builds = createFakeBuilds(operations, {
    records: options.empty ? [] : sampleBuilds(options.now ?? 0),
    pace: (options.beat ?? 0) * 2,
    onChange: () => changed('builds'),
  });

  const containers = createFakeContainers(sampleContainers(), () => changed('containers'));
  let accounts = options.empty ? [] : [...FAKE_ACCOUNTS];

  const client: StrataClient = {
    app: {
      info: async () => ({
        version: '0.1.0',
        host: options.host ?? 'web',
        os: 'linux',
        dataPath: '/home/ada/.local/share/strata',
        homePath: '/home/ada',
      }),
      changes: async (_input, call) => changes.listen(call?.signal),
      openExternal: async () => ({ opened: true }),
    },
    engines: { list: async () => (options.docker ? [...ENGINES.slice(0, 1), FAKE_DOCKER] : ENGINES) },
    images: held.calls,
    registries: {
      list: async () => accounts,
      login: async ({ host, username, password }) => {
        if (password === 'wrong')
          throw failWith({
            code: 'unauthorized',
            message: `${host} does not accept this user name and password.`,
            hint: 'Check both. Many registries want an access token in place of the password.',
          });
        const account = { host, username, source: 'Strata', removable: true, warning: null };
        accounts = [...accounts.filter((other) => other.host !== host), account];
        return account;
      },
      logout: async ({ host }) => {
        accounts = accounts.filter((account) => account.host !== host);
        return {};
      },
      checkPush: async ({ ref, target }) => {
        readFakeName(target);
        return fakePushCheck(ref, target);
      },
      push: async ({ ref, target }) => {
        const check = fakePushCheck(ref, target);
        return operations.start({
          kind: 'push',
          title: `Push ${target}`,
          blobs: fakeBlobs(ref, true),
          error: fakeTransferError(check.host),
          result: {
            kind: 'push',
            reference: check.reference,
            digest: check.localDigest ?? '',
            pinned: `${check.host}/${check.repository}@${check.localDigest}`,
          },
        });
      },
      repositories: async () => ({ repositories: [], next: null }),
      tags: async () => ({ tags: [], total: 0, next: null }),
      tag: async ({ reference }) => {
        throw failWith({ code: 'not-found', message: `${reference} is not at its registry.` });
      },
      deleteTag: async () => ({}),
      referrers: async () => ({ isThere: true, referrers: [] }),
      referrer: async () => ({ manifest: '{}', parts: [] }),
      saveReferrer: async () => ({ path: null, url: null }),
      limit: async () => ({ limit: null }),
      certificate: async ({ host }) => {
        throw failWith({ code: 'registry-unreachable', message: `${host} does not answer.` });
      },
      trust: async () => ({}),
      trusted: async () => [],
      distrust: async () => ({}),
      inspect: async ({ reference }) => held.calls.get({ engine: 'builtin', ref: reference }),
      checkCopy: async ({ from, to }) => fakePushCheck(from, to),
      copy: async ({ from, to }) =>
        operations.start({
          kind: 'push',
          title: `Copy ${from} to ${to}`,
          blobs: fakeBlobs('node:20-slim', true),
          result: { kind: 'push', reference: to, digest: held.list()[0]?.id ?? '', pinned: to, from },
        }),
      pull: async ({ reference }) =>
        operations.start({
          kind: 'pull',
          title: `Pull ${readFakeName(reference)}`,
          blobs: fakeBlobs('node:20-slim', false),
          error: fakeTransferError(parseReference(reference).domain),
          result: {
            kind: 'pull',
            reference: readFakeName(reference),
            digest: held.list()[0]?.id ?? '',
            ...fakePullNotice(reference),
          },
        }),
    },
    operations: {
      list: async () => operations.list(),
      watch: async ({ id }, call) => operations.watch(id, call?.signal),
      feed: async (_input, call) => operations.feed(call?.signal),
      cancel: async ({ id }) => {
        operations.cancel(id);
        return {};
      },
      retryNow: async () => ({}),
      dismiss: async ({ id }) => {
        operations.dismiss(id);
        return {};
      },
    },
    settings: {
      get: async () => settings,
      update: async (patch) => {
        settings = { ...settings, ...patch };
        changed('settings');
        return settings;
      },
      diagnose: async () => [...FAKE_DIAGNOSTICS],
    },
    storage: {
      usage: async () => FAKE_USAGE,
      prune: async () =>
        operations.start({
          kind: 'prune',
          title: 'Clean up',
          blobs: fakeBlobs('node:20-slim', false),
          result: { kind: 'prune', freedBytes: FAKE_USAGE.reclaimable.bytes },
        }),
    },
    tags: createFakeTags(options.empty ? [] : sampleMoves(options.now ?? 0, options.moves ?? 12), () =>
      changed('tags'),
    ),
    share: createFakeShare(() => changed('settings')),
    builds: builds.client,
    containers,
    projects: projects.projects,
    folders: projects.folders,
  };
  return {
    client,
    change: (change) => changes.send(change),
    touch: projects.touch,
    images: held.list,
  };
}
