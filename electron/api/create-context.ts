import { mkdir } from 'node:fs/promises';
import type { Change } from '#shared/contract/app.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { BuildRecords, WorkbenchEngine } from '../engine/ports.ts';
import { Broadcast } from '../operations/broadcast.ts';
import { OperationRegistry } from '../operations/operation-registry.ts';
import { appVersion } from '../platform/app-root.ts';
import { writeError } from '../platform/file-errors.ts';
import { strataHome } from '../platform/paths.ts';
import { Grants } from '../settings/grants.ts';
import type { BrokenFileNotice } from '../settings/json-document.ts';
import { ProjectsStore } from '../settings/projects-store.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import type { HostContext, HostPort } from './host-context.ts';

export interface ContextOptions {
  readonly host: HostPort;
  /** Data folder, default `$STRATA_HOME`. */
  readonly home?: string | undefined;
  /** Where unexpected errors are written down. */
  report(error: unknown): void;
}

/** Assembles the core for one host. Throws `read-only`, `permission` or `disk-full` when the data folder cannot be made. */
export async function createContext(options: ContextOptions): Promise<HostContext> {
  const home = options.home ?? strataHome();
  await mkdir(home, { recursive: true }).catch((error) => {
    throw writeError(error, home);
  });
  const operations = new OperationRegistry();
  const changes = new Broadcast<Change>((change) => `${change.topic} ${change.engine} ${change.command}`);
  const onBroken: BrokenFileNotice = ({ path, kept, cause }) =>
    options.report(new Error(`${path} was broken; it was set aside as ${kept}.`, { cause }));
  const engines: WorkbenchEngine[] = [];
  return {
    version: appVersion(),
    home,
    host: options.host,
    engines,
    operations,
    changes,
    settings: new SettingsStore(home, onBroken),
    projects: new ProjectsStore(home, onBroken),
    grants: new Grants(),
    builds: NO_BUILDS,
    reader: { source: missing, context: missing },
    sample: { create: missing },
    accounts: { list: async () => [], login: missing, logout: missing },
    transfers: { checkPush: missing, push: missing, pull: missing },
    diagnostics: { run: async () => [] },
    report: options.report,
    close: async () => {
      await operations.close();
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}

const missing = async (): Promise<never> => {
  throw new AppError('unsupported', 'This part is not there yet.');
};
const NO_BUILDS: BuildRecords = {
  begin: missing,
  list: async () => [],
  get: missing,
  log: missing,
  remove: missing,
};
