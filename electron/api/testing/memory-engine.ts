import { Readable } from 'node:stream';
import type { BuildStep } from '#shared/contract/builds.ts';
import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import type { BuildEvent, BuildOutcome, ImageCatalog } from '../../engine/engine.ts';
import type { WorkbenchEngine } from '../../engine/ports.ts';

/** An engine that keeps names in memory and does what a test tells it; its images have no bytes. */
export interface MemoryEngine extends WorkbenchEngine {
  /** Image ids by name. */
  readonly names: Map<string, string>;
  /** What the next builds do. */
  build: (options: { signal: AbortSignal; onEvent(event: BuildEvent): void }) => Promise<BuildOutcome>;
}

/** A memory engine with the images `sha256:1` (named `web:1`) and `sha256:2` (used by a container). */
export function createMemoryEngine(id = 'builtin'): MemoryEngine {
  const names = new Map([['web:1', 'sha256:1']]);
  const usedBy = new Map([['sha256:2', ['shop', 'blog']]]);
  const ids = new Set(['sha256:1', 'sha256:2']);
  const engine: MemoryEngine = {
    id,
    name: 'Memory engine',
    names,
    build: async () => outcomeOf([]),
    status: async () => ({
      id,
      name: 'Memory engine',
      state: 'ready',
      detail: 'in memory',
      hint: null,
      version: '1',
      rootless: false,
      can: { build: true, predict: false, containers: false, browseFiles: true, prune: false },
    }),
    images: createCatalog(id, ids, names, usedBy),
    builder: { build: (_request, options) => engine.build(options) },
    files: {
      list: async () => ({ rows: [], total: 0 }),
      search: async () => ({ rows: [], total: 0 }),
      preview: async ({ path }) => {
        if (path !== 'etc/motd') throw new AppError('not-found', `There is no ${path}.`);
        return { size: 6, text: 'hello\n', truncated: false };
      },
      open: async () => Readable.from([Buffer.from('hello\n')]),
    },
    archives: {
      save: async (ref) => {
        const bytes = Buffer.from(`archive of ${ref}`);
        return { size: bytes.length, open: () => Readable.from([bytes]) };
      },
      take: async (_archive, { names = [] }) => ({
        references: names.map(familiarReference),
        digest: 'sha256:2',
        imageId: 'sha256:c',
        repacked: false,
      }),
      load: async () => ({ references: ['web:2'], digest: 'sha256:2' }),
    },
    close: async () => {},
  };
  return engine;
}

/** The outcome of a build of these steps. */
export function outcomeOf(steps: readonly BuildStep[]): BuildOutcome {
  return { digest: 'sha256:d', imageId: 'sha256:c', tags: ['web:2'], steps };
}

function createCatalog(
  engine: string,
  ids: Set<string>,
  names: Map<string, string>,
  usedBy: ReadonlyMap<string, string[]>,
): ImageCatalog {
  const summary = (id: string): ImageSummary => ({
    engine,
    id,
    names: [...names].filter(([, named]) => named === id).map(([name]) => name),
    size: 100,
    unpackedSize: 300,
    uniqueSize: 40,
    createdAt: 0,
    platform: { os: 'linux', architecture: 'amd64' },
    layers: [],
    usedBy: usedBy.get(id) ?? [],
  });
  const move = (name: string, id: string | null): string | null => {
    const previous = names.get(name) ?? null;
    if (id === null) names.delete(name);
    else names.set(name, id);
    return previous;
  };
  return {
    list: async () => [...ids].map(summary),
    get: async (ref): Promise<ImageDetail> => {
      throw new AppError('not-found', `There is no image ${ref}.`, { hint: 'Look at the list.' });
    },
    tag: async (ref, name) => move(familiarReference(name), names.get(ref) ?? ref),
    untag: async (name) => move(familiarReference(name), null),
    resolve: async (name) => names.get(familiarReference(name)) ?? null,
    remove: async (id, { force }) => {
      const users = usedBy.get(id) ?? [];
      if (users.length > 0 && !force) {
        throw new AppError('conflict', `It is used by ${users.join(', ')}.`, { hint: 'Remove them first.' });
      }
      ids.delete(id);
    },
  };
}
