import { join } from 'node:path';
import type { StorageUsage } from '#shared/contract/settings.ts';
import { formatCount } from '#shared/format/count.ts';
import { parseDiffId } from '#shared/oci/digest.ts';
import type { BuildServices } from '../../build/build-services.ts';
import { LowerStore } from '../../sandbox/lower-store.ts';
import { folderSize, type Garbage, removeGarbage } from '../../store/collect.ts';
import type { EngineStorage, ProgressOptions } from '../ports.ts';
import { type PrunePlan, planPrune } from './prune-plan.ts';
import { dropSteps } from './step-records.ts';
import { sweepLeftovers } from './sweep.ts';

/** What the store uses and how it is cleaned up. */
export function createStorage(services: BuildServices): EngineStorage {
  return {
    usage: async () => describeUsage(services, await planPrune(services)),
    prune: (options) => prune(services, options),
  };
}

async function describeUsage({ store }: BuildServices, plan: PrunePlan): Promise<StorageUsage> {
  const { paths } = store;
  const folders = [
    ['images', 'Images and layers', paths.blobs(), 'Manifests, configs and layers, each kept once.'],
    ['lower', 'Unpacked layers', paths.lower(), 'For RUN steps; they can be made again.'],
    [
      'cache',
      'Build cache',
      join(paths.home, 'cache'),
      'Which step gave which layer, and what files were like.',
    ],
    [
      'indexes',
      'File lists of layers',
      paths.indexes(),
      'So that a layer need not be unpacked to look into it.',
    ],
    ['builds', 'Build records', paths.builds(), 'History with full logs.'],
    ['ingest', 'Unfinished downloads', paths.ingest(), 'They go on where they stopped.'],
  ] as const;
  const parts = await Promise.all(
    folders.map(async ([id, title, folder, detail]) => ({
      id,
      title,
      detail,
      ...(await folderSize(folder)),
    })),
  );
  const lowers = await Promise.all(plan.lowers.map((hex) => folderSize(join(paths.lower(), hex))));
  const items = [
    {
      title: `${formatCount(plan.images.length, 'image')} without a name`,
      bytes: 0,
      detail: 'Their layers are counted below.',
    },
    {
      title: `${formatCount(plan.blobs.length, 'blob')} that nothing needs`,
      bytes: bytesOf(plan.blobs),
      detail: 'Layers, configs and manifests of no image with a name.',
    },
    {
      title: `${formatCount(plan.steps.length, 'cached step')} of no image`,
      bytes: 0,
      detail: 'They would be built anew; a reason says so then.',
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
  ].filter((item) => !item.title.startsWith('0 '));
  return {
    path: paths.home,
    totalBytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: parts.filter((part) => part.count > 0).sort((a, b) => b.bytes - a.bytes),
    reclaimable: { bytes: items.reduce((sum, item) => sum + item.bytes, 0), items },
  };
}

function bytesOf(garbage: readonly Garbage[]): number {
  return garbage.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function prune(
  services: BuildServices,
  { signal, onProgress }: ProgressOptions,
): Promise<{ freedBytes: number }> {
  const { store } = services;
  await sweepLeftovers(store);
  const plan = await planPrune(services);
  const files = [...plan.blobs, ...plan.indexes, ...plan.partials];
  const total = bytesOf(files);
  let freedBytes = 0;
  onProgress({ done: 0, total, unit: 'bytes' });
  // First what points, then what is pointed at: whatever the moment of a kill, nothing points into the void.
  for (const image of plan.images) await store.images.remove(image.digest);
  for (const document of plan.documents) await store.documents.remove(document.digest);
  if (plan.images.length > 0) await store.refreshLayout();
  await dropSteps(services, plan.steps, 'a clean-up');
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
  return { freedBytes };
}
