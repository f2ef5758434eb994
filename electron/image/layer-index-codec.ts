/*
 * A layer index on disk: gzip of UTF-8 lines of JSON.
 *
 *   {"strataLayerIndex":1,"diffId":…,"tarSize":…,"contentSize":…,"entries":N,"seekPoints":[compressed,uncompressed,…]}
 *   [entry,entry,…]      at most 1,000 of them a line, so that no line holds up the process for long
 *
 * An entry is an array: kept path length, rest of path, type, mode, uid, gid, size, mtime, offset, content hash,
 * and last, only where there is any, an object of link target `l`, xattrs `x`, device `d`, sparse `s`. The kept
 * path length counts the characters shared with the entry before, since neighbours mostly share a directory.
 */
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { AppError } from '#shared/errors/app-error.ts';
import { isDigest, parseDiffId } from '#shared/oci/digest.ts';
import { ENTRY_TYPES, LayerEntryTable } from './layer-entry-table.ts';
import type { LayerEntries, LayerEntry, LayerIndex, SeekPoint } from './layer-index.ts';
import { isCleanPath } from './tar/safe-path.ts';

const VERSION = 1;
const ENTRIES_PER_LINE = 1000;
/** What an index may unpack to: far more than five million entries need. */
const MAX_TEXT = 1 << 30;
const HEX_HASH = /^[0-9a-f]{64}$/;

const compress = promisify<Uint8Array, { level: number }, Buffer>(gzip);
const expand = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);

/** The bytes under which an index is kept. Works in short turns; 100,000 entries take a fraction of a second. */
export async function encodeLayerIndex(index: LayerIndex): Promise<Uint8Array> {
  const { diffId, tarSize, contentSize, entries } = index;
  const seekPoints = index.seekPoints.flatMap((point) => [point.compressed, point.uncompressed]);
  const head = {
    strataLayerIndex: VERSION,
    diffId,
    tarSize,
    contentSize,
    entries: entries.length,
    seekPoints,
  };
  const lines = [Buffer.from(`${JSON.stringify(head)}\n`)];
  for (let at = 0; at < entries.length; at += ENTRIES_PER_LINE) {
    lines.push(Buffer.from(`${JSON.stringify(encodeRows(entries, at))}\n`));
    await setImmediate();
  }
  return compress(Buffer.concat(lines), { level: 1 });
}

/** Reads what {@link encodeLayerIndex} wrote. Throws `malformed` for anything else. */
export async function decodeLayerIndex(bytes: Uint8Array): Promise<LayerIndex> {
  const text = await expand(bytes, { maxOutputLength: MAX_TEXT }).catch((cause: unknown) => {
    throw broken('it cannot be unpacked', cause);
  });
  let lineEnd = text.indexOf(0x0a);
  const head = decodeHead(parseLine(text.subarray(0, Math.max(0, lineEnd))));
  const entries = new LayerEntryTable();
  while (lineEnd + 1 < text.length) {
    const start = lineEnd + 1;
    lineEnd = text.indexOf(0x0a, start);
    if (lineEnd < 0) throw broken('it is cut off');
    const rows = parseLine(text.subarray(start, lineEnd));
    if (!Array.isArray(rows)) throw broken('a line is no list');
    let previous = '';
    for (const row of rows) {
      const entry = decodeEntry(row, previous);
      entries.add(entry);
      previous = entry.path;
    }
    await setImmediate();
  }
  if (entries.length !== head.count) throw broken('entries are missing');
  return { ...head.index, entries };
}

/** The rows of one line, of the entries from `start` on. */
function encodeRows(entries: LayerEntries, start: number): unknown[] {
  const rows: unknown[] = [];
  let previous = '';
  for (let at = start; at < Math.min(start + ENTRIES_PER_LINE, entries.length); at += 1) {
    const entry = entries.at(at) as LayerEntry;
    rows.push(encodeEntry(entry, previous));
    previous = entry.path;
  }
  return rows;
}

function encodeEntry(entry: LayerEntry, previous: string): unknown[] {
  const kept = sharedLength(previous, entry.path);
  const row: unknown[] = [
    kept,
    entry.path.slice(kept),
    ENTRY_TYPES.indexOf(entry.type),
    entry.mode,
    entry.uid,
    entry.gid,
    entry.size,
    entry.mtime,
    entry.offset,
    entry.contentHash ?? 0,
  ];
  const { linkTarget, xattrs, devMajor, devMinor, sparse } = entry;
  const isDevice = devMajor !== undefined || devMinor !== undefined;
  if (linkTarget !== undefined || xattrs !== undefined || isDevice || sparse !== undefined)
    row.push({
      l: linkTarget,
      x: xattrs,
      d: isDevice ? [devMajor ?? 0, devMinor ?? 0] : undefined,
      s: sparse,
    });
  return row;
}

function sharedLength(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at < limit && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

function decodeEntry(row: unknown, previous: string): LayerEntry {
  if (!Array.isArray(row)) throw broken('an entry is no list');
  const [kept, rest, type, mode, uid, gid, size, mtime, offset, hash, more]: unknown[] = row;
  if (!isCount(kept) || kept > previous.length || typeof rest !== 'string') throw broken('a path is missing');
  const name = typeof type === 'number' ? ENTRY_TYPES[type] : undefined;
  if (name === undefined) throw broken('a type is not known');
  if (!isCount(mode) || mode > 0o7777 || !isCount(uid) || !isCount(gid)) throw broken('an owner is missing');
  if (!isCount(size) || !isCount(offset) || typeof mtime !== 'number') throw broken('a size is missing');
  if (hash !== 0 && (typeof hash !== 'string' || !HEX_HASH.test(hash))) throw broken('a hash is missing');
  const path = previous.slice(0, kept) + rest;
  if (!isCleanPath(path)) throw broken('a path is not clean');
  const extra = more === undefined ? NOTHING : decodeExtra(more);
  return {
    path,
    type: name,
    mode,
    uid,
    gid,
    size,
    mtime,
    linkTarget: extra.linkTarget,
    offset,
    contentHash: hash === 0 ? undefined : hash,
    xattrs: extra.xattrs,
    devMajor: extra.devMajor,
    devMinor: extra.devMinor,
    sparse: extra.sparse,
  };
}

type Extra = Pick<LayerEntry, 'linkTarget' | 'xattrs' | 'devMajor' | 'devMinor' | 'sparse'>;
const NOTHING: Extra = {};

function decodeExtra(more: unknown): Extra {
  if (!isRecord(more)) throw broken('an entry is no list');
  const { l, x, d, s } = more;
  if (l !== undefined && typeof l !== 'string') throw broken('a link target is no text');
  if (x !== undefined && !isTextRecord(x)) throw broken('attributes are not text');
  const [devMajor, devMinor]: unknown[] = Array.isArray(d) ? d : [];
  if (d !== undefined && !(isCount(devMajor) && isCount(devMinor))) throw broken('a device is no pair');
  if (s !== undefined && s !== true) throw broken('a mark is not known');
  return {
    linkTarget: l,
    xattrs: x,
    devMajor: isCount(devMajor) ? devMajor : undefined,
    devMinor: isCount(devMinor) ? devMinor : undefined,
    sparse: s,
  };
}

function decodeHead(head: unknown): { index: Omit<LayerIndex, 'entries'>; count: number } {
  if (!isRecord(head) || head.strataLayerIndex !== VERSION) throw broken('its version is not known');
  const { diffId, tarSize, contentSize, entries, seekPoints } = head;
  if (typeof diffId !== 'string' || !isDigest(diffId)) throw broken('the diffID is missing');
  if (!isCount(tarSize) || !isCount(contentSize) || !isCount(entries)) throw broken('a size is missing');
  if (!Array.isArray(seekPoints)) throw broken('the seek points are missing');
  return {
    index: {
      diffId: parseDiffId(diffId),
      tarSize,
      contentSize,
      seekPoints: decodeSeekPoints(seekPoints),
    },
    count: entries,
  };
}

function decodeSeekPoints(numbers: readonly unknown[]): SeekPoint[] {
  const points: SeekPoint[] = [];
  for (let at = 0; at < numbers.length; at += 2) {
    const [compressed, uncompressed] = numbers.slice(at, at + 2);
    const last = points.at(-1);
    if (!isCount(compressed) || !isCount(uncompressed)) throw broken('a seek point is no pair');
    if (last !== undefined && (compressed <= last.compressed || uncompressed <= last.uncompressed))
      throw broken('the seek points do not rise');
    points.push({ compressed, uncompressed });
  }
  return points;
}

function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (error) {
    throw broken('a line is no JSON', error);
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function broken(why: string, cause?: unknown): AppError {
  return new AppError('malformed', `A stored layer index is damaged: ${why}.`, {
    hint: 'Remove it; it is made again from the layer.',
    cause,
  });
}
