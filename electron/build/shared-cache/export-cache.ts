import { hostname } from 'node:os';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { digestOf } from '../../image/content-digest.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { encodeLayerIndex } from '../../image/layer-index-codec.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import { cacheKey } from '../cache/cache-key.ts';
import type { PastStep } from '../cache/history.ts';
import type { ListingStore } from '../cache/source-listing.ts';
import type { StepRecord } from '../cache/step-cache.ts';
import { CACHE_TYPE, encodeCacheManifest } from './cache-manifest.ts';
import {
  type CachePart,
  type CacheRecord,
  encodeListing,
  encodeRecords,
  type ListedBase,
} from './cache-records.ts';
import type { CacheBlob, CacheStorage } from './cache-storage.ts';
import { shareFields, shareText } from './share-fields.ts';

/** A step of a build that is done, and its result. */
export interface SolvedStepRecord {
  readonly past: PastStep;
  readonly record: StepRecord;
}

export interface ExportServices {
  readonly store: Store;
  readonly listings: ListingStore;
  /** Brings layers here that a build stood on without needing them. */
  ensure(layers: readonly LayerRecord[]): Promise<void>;
  /** What a layer of a base image holds, null where that is not known. */
  baseIndex(layer: LayerRecord): Promise<LayerIndex | null>;
}

/** What a cache is to hold. */
export interface CacheContent {
  readonly steps: readonly SolvedStepRecord[];
  /** Layers of base images whose lists of files go with it. */
  readonly bases: readonly LayerRecord[];
}

/** What was written. */
export interface ExportedCache {
  readonly steps: number;
  readonly layers: number;
  readonly bytes: number;
}

/** Writes the steps into a shared cache, which then holds these and no others. Throws what its storage throws. */
export async function exportCache(
  services: ExportServices,
  storage: CacheStorage,
  { steps, bases }: CacheContent,
  signal: AbortSignal,
): Promise<ExportedCache> {
  await services.ensure(steps.flatMap(({ record }) => record.layer ?? []));
  const blobs = new Map<string, CacheBlob>();
  const records: CacheRecord[] = [];
  for (const step of steps) {
    signal.throwIfAborted();
    records.push(await recordOf(services, step, blobs));
  }
  const bytes = encodeRecords({ steps: records, bases: await listBases(services, bases, blobs) });
  const config = { mediaType: CACHE_TYPE.records, ...partOf(bytes) };
  const all = [...blobs.values()];
  const manifest = encodeCacheManifest(
    config,
    all.map(({ descriptor }) => descriptor),
  );
  const isThere = (await storage.manifest(signal).catch(() => null))?.equals(manifest) === true;
  if (!isThere) await storage.write([...all, { descriptor: config, bytes }], manifest, signal);
  const layers = all.filter((blob) => blob.bytes === undefined);
  const size = layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  return { steps: records.length, layers: layers.length, bytes: size };
}

async function listBases(
  { baseIndex }: ExportServices,
  layers: readonly LayerRecord[],
  blobs: Map<string, CacheBlob>,
): Promise<ListedBase[]> {
  const listed = new Map<string, ListedBase>();
  for (const layer of layers) {
    const known = listed.has(layer.digest) ? null : await baseIndex(layer);
    if (known !== null) listed.set(layer.digest, { layer, index: await addIndex(blobs, known) });
  }
  // Stages that run side by side ask for their bases in any order.
  return [...listed.values()].sort((a, b) => (a.layer.digest < b.layer.digest ? -1 : 1));
}

async function addIndex(blobs: Map<string, CacheBlob>, index: LayerIndex): Promise<CachePart> {
  const bytes = await encodeLayerIndex(index);
  const part = partOf(bytes);
  if (!blobs.has(part.digest))
    blobs.set(part.digest, { descriptor: { mediaType: CACHE_TYPE.index, ...part }, bytes });
  return part;
}

async function recordOf(
  { store, listings }: ExportServices,
  { past, record }: SolvedStepRecord,
  blobs: Map<string, CacheBlob>,
): Promise<CacheRecord> {
  const { layer, builtAt, ms, by = hostname() } = record;
  const add = (descriptor: Descriptor, bytes?: Uint8Array): CachePart => {
    if (!blobs.has(descriptor.digest)) blobs.set(descriptor.digest, { descriptor, bytes });
    return { digest: descriptor.digest, size: descriptor.size };
  };
  let index: CachePart | null = null;
  if (layer !== null) {
    add({ mediaType: layer.mediaType, digest: layer.digest, size: layer.size });
    index = await addIndex(blobs, await store.layers.index(layer));
  }
  const taken = past.fields.sources === undefined ? null : await listings.load(past.fields.sources);
  const listed = taken === null ? null : encodeListing(taken);
  const listing = listed === null ? null : add({ mediaType: CACHE_TYPE.listing, ...partOf(listed) }, listed);
  const fields = shareFields(past.fields);
  const { stage, position, keyword } = past;
  return {
    key: cacheKey(fields),
    stage,
    position,
    keyword,
    source: shareText(keyword, past.source),
    fields,
    layer,
    index,
    listing,
    builtAt,
    ms,
    by,
  };
}

function partOf(bytes: Uint8Array): CachePart {
  return { digest: digestOf(bytes), size: bytes.length };
}
