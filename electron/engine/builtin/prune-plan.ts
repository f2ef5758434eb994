import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { splitDigest } from '#shared/oci/digest.ts';
import type { BuildServices } from '../../build/build-services.ts';
import { LowerStore } from '../../sandbox/lower-store.ts';
import { collectionCutoff, findGarbage, type Garbage } from '../../store/collect.ts';
import { type DocumentRecord, reachableManifests } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { namesIn, oldestLease } from '../../store/leases.ts';
import { blobsOf } from '../../store/remove-image.ts';
import { type CachePolicy, chooseSteps, DEFAULT_CACHE, type DroppedSteps } from './cache-policy.ts';
import { CacheMounts } from './mounts/cache-mounts.ts';
import { type StoredStep, stepRecords } from './step-records.ts';

/** What a clean-up would remove: images without a name, results that no image uses, and what only those need. */
export interface PrunePlan {
  /** Nothing younger than this (ms since the epoch) is touched. */
  readonly cutoff: number;
  readonly images: readonly ImageRecord[];
  /** Indexes and artifacts that no name leads to. */
  readonly documents: readonly DocumentRecord[];
  readonly steps: readonly DroppedSteps[];
  /** Steps that no image has and that stay for recent builds. */
  readonly keptSteps: readonly StoredStep[];
  readonly blobs: readonly Garbage[];
  readonly indexes: readonly Garbage[];
  /** Layers unpacked for RUN: hex of their diffID. They can be made again. */
  readonly lowers: readonly string[];
  /** Downloads that nobody goes on with. */
  readonly partials: readonly Garbage[];
  /** Files that ADD fetched. They can be fetched again. */
  readonly downloads: readonly Garbage[];
  /** What the inputs of steps were like, where no remembered build can be compared with any more. */
  readonly listings: readonly Garbage[];
  /** Folders of RUN --mount=type=cache, with their bytes; one that a build uses stays. */
  readonly caches: readonly { readonly name: string; readonly bytes: number }[];
}

/** Finds what a clean-up would remove; removes nothing. `policy` is about the build cache. */
export async function planPrune(services: BuildServices, policy: CachePolicy = {}): Promise<PrunePlan> {
  const { store } = services;
  const { paths } = store;
  const cutoff = await collectionCutoff(paths);
  const [all, names, cached, allDocuments] = await Promise.all([
    store.images.list(),
    store.names.list(),
    stepRecords(services),
    store.documents.list(),
  ]);
  const isNew = ({ addedAt }: { readonly addedAt: number }) => addedAt >= cutoff;
  const roots = names.flatMap(({ digest, indexDigest }) =>
    indexDigest === undefined ? [digest] : [digest, indexDigest],
  );
  const young = [...all, ...allDocuments].filter(isNew).map(({ digest }) => digest);
  const named = reachableManifests([...roots, ...young], allDocuments);
  const images = all.filter((image) => !named.has(image.digest));
  const documents = allDocuments.filter((document) => !named.has(document.digest));
  const keptImages = all.filter((image) => !images.includes(image));
  const keptBlobs = new Set(
    keptImages.flatMap((image) => blobsOf(image).map(({ digest }) => splitDigest(digest).hex)),
  );
  const keptLayers = new Set(
    keptImages.flatMap((image) => image.layers.map(({ diffId }) => splitDigest(diffId).hex)),
  );
  for (const { indexDigest } of names)
    if (indexDigest !== undefined) keptBlobs.add(splitDigest(indexDigest).hex);
  for (const { digest, blobs } of allDocuments.filter((document) => named.has(document.digest)))
    for (const each of [digest, ...blobs.map((blob) => blob.digest)]) keptBlobs.add(splitDigest(each).hex);
  const isKept = (record: StoredStep) =>
    record.layer === null ||
    keptBlobs.has(splitDigest(record.layer.digest).hex) ||
    record.usedAt >= cutoff ||
    record.builtAt >= cutoff;
  const loose = cached.filter((record) => !isKept(record));
  const steps = chooseSteps(loose, await services.history.keys(), policy, Date.now());
  const gone = new Set(steps.flatMap((dropped) => dropped.steps));
  for (const record of cached) {
    if (record.layer === null || gone.has(record)) continue;
    keptBlobs.add(splitDigest(record.layer.digest).hex);
    keptLayers.add(splitDigest(record.layer.diffId).hex);
  }
  return {
    cutoff,
    images,
    documents,
    steps,
    keptSteps: loose.filter((record) => !gone.has(record)),
    blobs: await findGarbage(paths.blobs(), (name) => keptBlobs.has(name), cutoff),
    indexes: await findGarbage(paths.indexes(), (name) => keptBlobs.has(name.replace(/\.idx$/, '')), cutoff),
    lowers: await unusedLowers(services, keptLayers, cutoff),
    partials: await findGarbage(paths.ingest(), (name) => !name.includes('.free.'), cutoff),
    downloads: await unusedDownloads(services, cutoff),
    listings: await unusedListings(services, cutoff),
    caches: await unusedMounts(services, policy),
  };
}

/** Cache mounts are kept as long as cached steps are: a build that used one likely uses it again. */
async function unusedMounts({ store }: BuildServices, policy: CachePolicy): Promise<PrunePlan['caches']> {
  const all = await new CacheMounts(store.paths.cacheMounts()).list();
  if (policy.all === true) return all;
  const oldest = Date.now() - (policy.until ?? DEFAULT_CACHE.ms);
  return all.filter(({ usedAt }) => usedAt < oldest);
}

/** A cached step has no listing of its own: only the history of a Dockerfile names them, and a build that runs. */
async function unusedListings({ store, history }: BuildServices, cutoff: number): Promise<Garbage[]> {
  if ((await oldestLease(store.paths)) !== null) return [];
  const named = await history.listings();
  return findGarbage(store.paths.cacheSources(), (name) => named.has(name), cutoff);
}

/** Their times are those of the server, so they say nothing about who uses them. */
async function unusedDownloads({ store }: BuildServices, cutoff: number): Promise<Garbage[]> {
  if ((await oldestLease(store.paths)) !== null) return [];
  return findGarbage(store.paths.cacheDownloads(), () => false, cutoff);
}

async function unusedLowers(
  { store }: BuildServices,
  kept: ReadonlySet<string>,
  cutoff: number,
): Promise<string[]> {
  const folder = store.paths.lower();
  // A step that runs now may have any of them mounted.
  if ((await oldestLease(store.paths)) !== null) return [];
  const unused = new Set<string>();
  const names = await namesIn(folder);
  const below = await neededBelow(folder, names, kept);
  for (const name of names) {
    const hex = name.split(/[-.]/)[0] ?? '';
    if (name.startsWith('.') || hex === '' || kept.has(hex) || below.has(hex)) continue;
    const found = await lstat(join(folder, name)).catch(() => null);
    if (found !== null && found.ctimeMs < cutoff) unused.add(hex);
  }
  return [...unused];
}

/** Layers that those which are kept lie over. */
async function neededBelow(
  folder: string,
  names: readonly string[],
  kept: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const lowers = new LowerStore(folder);
  const over = names.flatMap((name) => (name.endsWith('-over') ? name.slice(0, -'-over'.length) : []));
  const found = await Promise.all(over.filter((hex) => kept.has(hex)).map((hex) => lowers.below(hex)));
  return new Set(found.flatMap((hex) => hex ?? []));
}
