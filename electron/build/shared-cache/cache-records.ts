import { type DiffId, type Digest, isDigest, parseDiffId } from '#shared/oci/digest.ts';
import { layerCompression } from '#shared/oci/media-types.ts';
import { encodeUtf8 } from '#shared/oci/text.ts';
import { isWireObject, malformed, parseWireObject, readWire, type WireObject } from '#shared/oci/wire.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import { type CacheFields, cacheKey } from '../cache/cache-key.ts';
import type { PastStep } from '../cache/history.ts';
import type { ListedSource, SourceListing } from '../cache/source-listing.ts';

/** The most that the records of a cache may take, in bytes, and how many there may be. */
export const RECORDS_SIZE_LIMIT = 32 * 1024 * 1024;
/** The most that a listing or the index of a layer may take, in bytes. */
export const PART_SIZE_LIMIT = 128 * 1024 * 1024;
const COUNT_LIMIT = 10_000;
const FIELD_LIMIT = 2000;
const WHAT = 'shared cache';

/** A part of a cache by its digest and size in bytes. */
export interface CachePart {
  readonly digest: Digest;
  readonly size: number;
}

/** A step in a shared cache: what decided it, what came of it, when (ms since the epoch) and where it was made. */
export interface CacheRecord extends Omit<PastStep, 'key'> {
  /** Of the fields as they are shared (share-fields.ts). */
  readonly key: string;
  readonly layer: LayerRecord | null;
  /** Null exactly where there is no layer. */
  readonly index: CachePart | null;
  readonly listing: CachePart | null;
  readonly builtAt: number;
  readonly ms: number;
  readonly by: string;
}

/** A layer of a base image, which a cache does not hold, and the list of what is in it, which it does. */
export interface ListedBase {
  readonly layer: LayerRecord;
  readonly index: CachePart;
}

/** All that a cache tells of its build. */
export interface CacheRecords {
  readonly steps: readonly CacheRecord[];
  /** Layers that the steps stand on without having made them, so that nobody pulls one to look into it. */
  readonly bases: readonly ListedBase[];
}

/** The bytes of records: the same for the same records. */
export function encodeRecords({ steps, bases }: CacheRecords): Uint8Array {
  return encodeUtf8(JSON.stringify({ strataBuildCache: 1, steps, ...(bases.length > 0 && { bases }) }));
}

/**
 * Reads records. Throws `malformed` where it is no list of them; a record that is not sound by itself, for example one
 * whose key is not that of its fields, is left out.
 */
export function parseRecords(bytes: Uint8Array): CacheRecords {
  const document = parseWireObject(bytes, WHAT, RECORDS_SIZE_LIMIT);
  const wire = readWire(document, WHAT);
  if (wire.integer('strataBuildCache') !== 1) throw wire.fail('it has a version that is not known here');
  const read = <T>(name: string, readOne: (object: WireObject) => T | null): T[] => {
    const list = wire.list(name) ?? [];
    if (list.length > COUNT_LIMIT) throw wire.fail(`it lists ${list.length} ${name}`);
    return list.flatMap((one) => (isWireObject(one) ? (readOne(one) ?? []) : []));
  };
  return { steps: read('steps', readRecord), bases: read('bases', readBase) };
}

function readBase(object: WireObject): ListedBase | null {
  try {
    const wire = readWire(object, WHAT);
    const layer = readLayer(wire.object('layer'));
    const index = readPart(wire.object('index'));
    return layer === null || index === null ? null : { layer, index };
  } catch {
    // One bad record does not spoil the others.
    return null;
  }
}

function readRecord(object: WireObject): CacheRecord | null {
  try {
    const wire = readWire(object, WHAT);
    const fields = wire.textMap('fields') as CacheFields | undefined;
    if (fields === undefined || Object.keys(fields).length > FIELD_LIMIT) return null;
    const key = wire.text('key') ?? '';
    if (key !== cacheKey(fields)) return null;
    const layer = readLayer(wire.object('layer'));
    const index = readPart(wire.object('index'));
    if ((layer === null) !== (index === null)) return null;
    return {
      key,
      fields,
      layer,
      index,
      listing: readPart(wire.object('listing')),
      stage: wire.text('stage') ?? '',
      position: wire.integer('position') ?? 0,
      keyword: wire.text('keyword') ?? '',
      source: wire.text('source') ?? '',
      builtAt: Math.min(Math.max(0, wire.integer('builtAt') ?? 0), Date.now()),
      ms: Math.max(0, wire.integer('ms') ?? 0),
      by: plainWords(wire.text('by') ?? ''),
    };
  } catch {
    // One bad record does not spoil the others.
    return null;
  }
}

function readLayer(object: WireObject | undefined): LayerRecord | null {
  if (object === undefined) return null;
  const { digest, size } = requirePart(object);
  const wire = readWire(object, WHAT);
  const mediaType = wire.text('mediaType') ?? '';
  const diffId: DiffId = parseDiffId(wire.text('diffId') ?? '');
  if (layerCompression(mediaType) === null) throw wire.fail(`"${mediaType}" is no layer`);
  return { digest, diffId, size, mediaType };
}

function readPart(object: WireObject | undefined): CachePart | null {
  return object === undefined ? null : requirePart(object);
}

function requirePart(object: WireObject): CachePart {
  const wire = readWire(object, WHAT);
  const digest = wire.text('digest') ?? '';
  const size = wire.integer('size') ?? -1;
  if (!isDigest(digest) || size < 0) throw wire.fail('a part has no digest or no size');
  return { digest, size };
}

/** A name that is shown: without what a terminal would act on. */
function plainWords(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 100) || 'unknown';
}

/** The bytes of a listing. */
export function encodeListing(listing: SourceListing): Uint8Array {
  return encodeUtf8(JSON.stringify(listing.map(({ path, identity }) => [path, identity])));
}

/** Reads a listing. Throws `malformed`. */
export function parseListing(bytes: Uint8Array): SourceListing {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw malformed(WHAT, 'a listing is not JSON', cause);
  }
  if (!Array.isArray(value)) throw malformed(WHAT, 'a listing is not a list');
  return value.flatMap((row: unknown): ListedSource[] => {
    const [path, identity] = Array.isArray(row) ? (row as unknown[]) : [];
    return typeof path === 'string' && typeof identity === 'string' ? [{ path, identity }] : [];
  });
}
