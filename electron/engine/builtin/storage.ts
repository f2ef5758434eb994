import { join } from 'node:path';
import type { StorageUsage } from '#shared/contract/settings.ts';
import { formatCount } from '#shared/format/count.ts';
import { parseDiffId } from '#shared/oci/digest.ts';
import type { BuildServices } from '../../build/build-services.ts';
import { LowerStore } from '../../sandbox/lower-store.ts';
import { folderSize, type Garbage, removeGarbage } from '../../store/collect.ts';
import type { StorePaths } from '../../store/store-paths.ts';
import type { EngineStorage, PruneOptions } from '../ports.ts';
import { CacheMounts } from './mounts/cache-mounts.ts';
import { type PrunePlan, planPrune } from './prune-plan.ts';
import { dropSteps } from './step-records.ts';
import { sweepLeftovers } from './sweep.ts';

/** What the store uses and how it is cleaned up. */
export function createStorage(services: BuildServices): EngineStorage {
  return {
    usage: async (_signal, policy) => describeUsage(services, await planPrune(services, policy)),
    prune: (options) => prune(services, options),
  };
}

async function describeUsage({ store }: BuildServices, plan: PrunePlan): Promise<StorageUsage> {
  const { paths } = store;
  const folders = [
    ['images', 'Images and layers', paths.blobs(), 'Manifests, configs and layers, each kept once.'],
    ['lower', 'Unpacked layers', paths.lower(), 'For RUN steps; they can be made again.'],
    ['mounts', 'Cache mounts', paths.cacheMounts(), 'What RUN --mount=type=cache keeps between builds.'],
    ['downloads', 'Files fetched by ADD', paths.cacheDownloads(), 'Asked for again only when they changed.'],
    [
      'indexes',
      'File lists of layers',
      paths.indexes(),
      'So that a layer need not be unpacked to look into it.',
    ],
    ['builds', 'Build records', paths.builds(), 'History with full logs.'],
    ['ingest', 'Unfinished downloads', paths.ingest(), 'They go on where they stopped.'],
  ] as const;
  const measured = await Promise.all(
    folders.map(async ([id, title, folder, detail]) => ({
      id,
      title,
      detail,
      ...(await folderSize(folder)),
    })),
  );
  const parts = [...measured, await measureCache(paths, measured)];
  const lowers = await Promise.all(plan.lowers.map((hex) => folderSize(join(paths.lower(), hex))));
  const items = [
    {
      title: `${formatCount(plan.images.length, 'image')} without a name`,
      bytes: 0,
      detail: `${plan.images.length === 1 ? 'Its' : 'Their'} layers are counted below.`,
    },
    {
      title: `${formatCount(plan.blobs.length, 'blob')} that nothing needs`,
      bytes: bytesOf(plan.blobs),
      detail: 'Layers, configs and manifests of no image with a name.',
    },
    {
      title: formatCount(
        plan.steps.reduce((sum, { steps }) => sum + steps.length, 0),
        'cached step',
      ),
      bytes: 0,
      detail: describeSteps(plan),
    },
    {
      title: formatCount(plan.lowers.length, 'unpacked layer'),
      bytes: lowers.reduce((sum, { bytes }) => sum + bytes, 0),
      detail: 'Of layers that no image with a name has.',
    },
    {
      title: formatCount(plan.indexes.length, 'file list'),
      bytes: bytesOf(plan.indexes),
      detail: 'Of blobs that go.',
    },
    {
      title: formatCount(plan.partials.length, 'unfinished download'),
      bytes: bytesOf(plan.partials),
      detail: 'Nobody goes on with them now.',
    },
    {
      title: formatCount(plan.downloads.length, 'fetched file'),
      bytes: bytesOf(plan.downloads),
      detail: 'Of ADD with an address; they are fetched again when a build wants them.',
    },
    {
      title: formatCount(plan.listings.length, 'list of input files', 'lists of input files'),
      bytes: bytesOf(plan.listings),
      detail: 'Of builds that are too old to be compared with.',
    },
    {
      title: formatCount(plan.caches.length, 'cache mount'),
      bytes: plan.caches.reduce((sum, { bytes }) => sum + bytes, 0),
      detail: 'Of RUN --mount=type=cache; the next build fills them anew.',
    },
  ].filter((item) => !item.title.startsWith('0 '));
  return {
    path: paths.home,
    totalBytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: parts.filter((part) => part.count > 0).sort((a, b) => b.bytes - a.bytes),
    reclaimable: { bytes: items.reduce((sum, item) => sum + item.bytes, 0), items },
  };
}

function describeSteps({ keptSteps }: PrunePlan): string {
  const kept = formatCount(keptSteps.length, 'step');
  const rest =
    keptSteps.length === 0 ? '' : ` ${kept} of recent builds stay, so that those go on being fast.`;
  return `Of no image with a name; they would be built anew, and a reason says so then.${rest}`;
}

/** The build cache but for what is told of it on lines of its own. */
async function measureCache(
  { home }: StorePaths,
  parts: readonly { readonly id: string; readonly bytes: number; readonly count: number }[],
) {
  const whole = await folderSize(join(home, 'cache'));
  const own = parts.filter(({ id }) => id === 'mounts' || id === 'downloads');
  return {
    id: 'cache',
    title: 'Build cache',
    detail: 'Which step gave which layer, and what files were like.',
    bytes: own.reduce((rest, { bytes }) => rest - bytes, whole.bytes),
    count: own.reduce((rest, { count }) => rest - count, whole.count),
  };
}

function bytesOf(garbage: readonly Garbage[]): number {
  return garbage.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function prune(
  services: BuildServices,
  { signal, onProgress, policy }: PruneOptions,
): Promise<{ freedBytes: number }> {
  const { store } = services;
  await sweepLeftovers(store);
  const plan = await planPrune(services, policy);
  const files = [...plan.blobs, ...plan.indexes, ...plan.partials, ...plan.downloads, ...plan.listings];
  const total = bytesOf(files);
  let freedBytes = 0;
  onProgress({ done: 0, total, unit: 'bytes' });
  // First what points, then what is pointed at: whatever the moment of a kill, nothing points into the void.
  for (const image of plan.images) await store.images.remove(image.digest);
  for (const document of plan.documents) await store.documents.remove(document.digest);
  if (plan.images.length > 0) await store.refreshLayout();
  for (const { steps, by } of plan.steps) await dropSteps(services, steps, by);
  for (const garbage of files) {
    signal.throwIfAborted();
    if (await removeGarbage(store.paths, garbage, plan.cutoff)) freedBytes += garbage.bytes;
    onProgress({ done: freedBytes, total, unit: 'bytes' });
  }
  const lowers = new LowerStore(store.paths.lower());
  for (const hex of plan.lowers) {
    signal.throwIfAborted();
    const { bytes } = await folderSize(join(store.paths.lower(), hex));
    await lowers.remove(parseDiffId(`sha256:${hex}`));
    freedBytes += bytes;
  }
  const caches = new CacheMounts(store.paths.cacheMounts());
  for (const { name, bytes } of plan.caches) if (await caches.remove(name, signal)) freedBytes += bytes;
  return { freedBytes };
}
