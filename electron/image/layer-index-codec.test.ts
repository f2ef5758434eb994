import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDiffId } from '#shared/oci/digest.ts';
import type { EntryType, LayerEntry, LayerIndex } from './layer-index.ts';
import { decodeLayerIndex, encodeLayerIndex } from './layer-index-codec.ts';
import { cleanEntryPath } from './tar/safe-path.ts';

const name = fc.oneof(
  fc.constantFrom('a', 'usr', 'lib', 'ü', '\udcff', '😀', '😁', '.x'),
  fc.string({ minLength: 1 }),
);
const path = fc
  .array(name, { maxLength: 5 })
  .map((parts) => parts.map((part) => part.replace(/[/\0]|^\.+$/g, '_')).join('/'))
  .map(cleanEntryPath);
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const types: EntryType[] = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'fifo',
  'char',
  'block',
  'whiteout',
  'opaque',
];
const entry: fc.Arbitrary<LayerEntry> = fc
  .record({
    path,
    type: fc.constantFrom(...types),
    mode: fc.nat({ max: 0o7777 }),
    uid: count,
    gid: count,
    size: count,
    mtime: fc.double({ min: -1e10, max: 1e10, noNaN: true }).map((time) => time + 0),
    linkTarget: optional(fc.string()),
    offset: count,
    contentHash: optional(fc.stringMatching(/^[0-9a-f]{64}$/)),
    xattrs: optional(fc.dictionary(fc.stringMatching(/^[a-z.]+$/), fc.string({ unit: 'binary' }))),
    device: optional(fc.tuple(fc.nat(), fc.nat())),
    sparse: fc.constantFrom(undefined, true as const),
  })
  .map(({ device, ...rest }) => ({ ...rest, devMajor: device?.[0], devMinor: device?.[1] }));

const diffId = parseDiffId(`sha256:${'5'.repeat(64)}`);
const index: fc.Arbitrary<LayerIndex> = fc.record({
  diffId: fc.constant(diffId),
  tarSize: count,
  contentSize: count,
  entries: fc.array(entry, { maxLength: 30 }),
  seekPoints: fc
    .uniqueArray(fc.nat({ max: 1e9 }))
    .map((numbers) => numbers.sort((a, b) => a - b).map((at) => ({ compressed: at, uncompressed: at * 3 }))),
});

describe('the layer index codec', () => {
  it('gives back any index', async () => {
    await fc.assert(
      fc.asyncProperty(index, async (original) => {
        expect(listed(await decodeLayerIndex(await encodeLayerIndex(original)))).toEqual(listed(original));
      }),
    );
  });

  it('gives back more entries than fit a line', async () => {
    const entries = Array.from(
      { length: 2_500 },
      (_, at): LayerEntry => ({
        ...{ path: `dir/${at}`, type: 'file', mode: 0o644, uid: 0, gid: 0, size: at, mtime: at, offset: at },
      }),
    );
    const original: LayerIndex = { diffId, tarSize: 1, contentSize: 2, entries, seekPoints: [] };
    expect(listed(await decodeLayerIndex(await encodeLayerIndex(original)))).toEqual(listed(original));
  });

  it('calls anything else malformed, and never fails in another way', async () => {
    const sample = fc.sample(index, { numRuns: 1, seed: 7 })[0];
    if (sample === undefined) throw new Error('no sample');
    const text = gunzipSync(await encodeLayerIndex(sample)).toString();
    const replace = fc.tuple(fc.nat({ max: text.length }), fc.nat({ max: 20 }), fc.string());
    await fc.assert(
      fc.asyncProperty(replace, async ([at, removed, added]) => {
        const damaged = gzipSync(text.slice(0, at) + added + text.slice(at + removed));
        await decodeLayerIndex(damaged).catch(expectMalformed);
      }),
    );
  });

  it.each([
    ['no gzip', Buffer.from('hello')],
    ['nothing', Buffer.alloc(0)],
    ['cut-off gzip', gzipSync('{}').subarray(0, 12)],
    ['another version', gzipSync('{"strataLayerIndex":2}\n')],
    ['missing entries', gzipSync(`${head(1)}\n`)],
    ['a path that leaves the root', gzipSync(`${head(1)}\n[[0,"../x",0,0,0,0,0,0,0,0]]\n`)],
    ['a kept length beyond the path', gzipSync(`${head(1)}\n[[3,"x",0,0,0,0,0,0,0,0]]\n`)],
    ['a line without end', gzipSync(`${head(1)}\n[[0,"x",0,0,0,0,0,0,0,0]]`)],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodeLayerIndex(bytes)).rejects.toMatchObject({ code: 'malformed' });
  });

  /** An index whose entries are an array. */
  function listed(index: LayerIndex): LayerIndex {
    return { ...index, entries: [...index.entries] };
  }
  function head(entries: number): string {
    return JSON.stringify({
      strataLayerIndex: 1,
      diffId,
      tarSize: 1,
      contentSize: 1,
      entries,
      seekPoints: [],
    });
  }
  function expectMalformed(error: unknown): void {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'malformed' });
  }
});
