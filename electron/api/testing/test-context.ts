import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { Change } from '#shared/contract/app.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { buildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { WorkbenchEngine } from '../../engine/ports.ts';
import { Broadcast } from '../../operations/broadcast.ts';
import { OperationRegistry } from '../../operations/operation-registry.ts';
import { Grants } from '../../settings/grants.ts';
import { ProjectsStore } from '../../settings/projects-store.ts';
import { SettingsStore } from '../../settings/settings-store.ts';
import { ShareControl } from '../../share/share-control.ts';
import type { DownloadPlace, HostContext } from '../host-context.ts';
import { createRouter } from '../router.ts';
import { typedErrors } from '../typed-errors.ts';
import { createMemoryEngine } from './memory-engine.ts';
import { createMemoryRecords } from './memory-records.ts';

/** A context whose far edges are in memory, with what they were asked. */
export interface TestContext extends HostContext {
  readonly reported: unknown[];
  readonly saved: { name: string; text: string }[];
}

const missing = async (): Promise<never> => {
  throw new AppError('unsupported', 'Not part of this test.');
};

/** A context over the given engines that keeps its files in `home`. */
export function createTestContext(home: string, engines: readonly WorkbenchEngine[]): TestContext {
  const reported: unknown[] = [];
  const saved: TestContext['saved'] = [];
  const operations = new OperationRegistry();
  return {
    reported,
    saved,
    version: '1.2.3',
    home,
    host: {
      kind: 'web',
      choosePath: missing,
      openExternal: async () => true,
      offerDownload: async (download, signal): Promise<DownloadPlace> => {
        let text = '';
        for await (const chunk of await download.open(signal)) text += String(chunk);
        saved.push({ name: download.name, text });
        return { path: null, url: `/download/1/${download.name}` };
      },
    },
    engines,
    operations,
    changes: new Broadcast<Change>((change) => `${change.topic} ${change.engine}`),
    settings: new SettingsStore(home, () => {}),
    projects: new ProjectsStore(home, () => {}),
    grants: new Grants(),
    builds: createMemoryRecords(),
    advisor: { advise: async () => [] },
    reader: { source: missing, context: missing },
    bases: { list: async () => [], pin: missing, undoPin: missing },
    sample: { create: async () => ({ options: buildOptions.parse({ tags: ['sample:latest'] }) }) },
    accounts: { list: async () => [], login: missing, logout: missing },
    transfers: { checkPush: missing, push: missing, pull: missing, checkCopy: missing, copy: missing },
    browser: {
      repositories: missing,
      tags: missing,
      tag: missing,
      deleteTag: missing,
      limit: async () => null,
    },
    referrers: { list: missing, open: missing, blob: missing },
    certificates: { read: missing, trust: missing, list: async () => [], distrust: missing },
    remote: createMemoryEngine('registry'),
    tagSources: { find: async () => null },
    archives: { ...createMemoryEngine('archive'), contents: missing },
    tags: { list: async () => [], rollBack: missing },
    diagnostics: { run: async () => [] },
    terminals: { isMet: false, lastRefusal: null },
    share: new ShareControl(missing),
    report: (error) => void reported.push(error),
    close: () => operations.close(),
  };
}

/** The page's view of the context: the router with its validation and its typed errors, without a wire. */
export function createTestClient(context: HostContext): ContractRouterClient<Contract> {
  return createRouterClient(createRouter(context), { interceptors: [typedErrors(context.report)] });
}
