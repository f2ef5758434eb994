import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { collectBytes } from './chunks.ts';
import { decompressLayer } from './decompress-layer.ts';
import { indexLayer } from './index-layer.ts';
import type { LayerIndex } from './layer-index.ts';
import { LayerWriter, type NewLayerEntry, whiteoutEntry } from './layer-writer.ts';
import { readEntryBytes } from './read-entry.ts';
import { encodeEntryHeader, TAR_END } from './tar/encode-entry.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-index-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function* pieces(bytes: Uint8Array, size = 7_001): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Text that does not repeat within a member, so that seeking wrongly shows. */
function content(length: number, seed: string): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at * 32 < length; at += 1)
    parts.push(createHash('sha256').update(`${seed}${at}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

const meta = { mode: 0o644, uid: 10, gid: 20, size: 0, mtime: 1_700_000_000 };
const contents = new Map([
  ['a/small', content(100, 's')],
  ['a/big', content(3_500_000, 'b')],
  ['a/after', content(5_000, 'a')],
  ['a/empty', Buffer.alloc(0)],
]);

async function sampleLayer(compression: 'gzip' | 'none') {
  const chunks: Uint8Array[] = [];
  const sink = { write: async (chunk: Uint8Array) => void chunks.push(chunk) };
  const writer = new LayerWriter(sink, { compression });
  await writer.add({ ...meta, path: 'a', type: 'directory', mode: 0o755 });
  for (const [path, body] of contents)
    await writer.add({ ...meta, path, type: 'file', size: body.length }, body);
  await writer.add({ ...meta, path: 'a/link', type: 'symlink', linkTarget: '/etc/../x' });
  await writer.add({ ...meta, path: 'a/hard', type: 'hardlink', linkTarget: 'a/big' });
  const xattrs = { 'security.capability': '\x01\0\0\x02\xff\n=\x00' };
  await writer.add({
    ...meta,
    path: 'a/dev',
    type: 'block',
    devMajor: 8,
    devMinor: 1,
    xattrs,
  } as NewLayerEntry);
  await writer.add(whiteoutEntry('whiteout', 'a/gone'));
  await writer.add(whiteoutEntry('opaque', 'a'));
  const layer = await writer.finish();
  return { layer, blob: Buffer.concat(chunks) };
}

function access(blob: Buffer) {
  const reads: [number, number][] = [];
  const read = (start: number, end: number) => {
    reads.push([start, end]);
    return Readable.from(pieces(blob.subarray(start, end)));
  };
  return { blob: { size: blob.length, read }, reads };
}

describe('indexLayer', () => {
  it('finds again what a layer writer recorded', async () => {
    const { layer, blob } = await sampleLayer('gzip');
    const tar = decompressLayer(pieces(blob), layer.mediaType);
    const index = await indexLayer(tar, { seekPoints: layer.index.seekPoints });
    expect(index).toEqual(layer.index);
  });

  it('reads the same from one huge chunk', async () => {
    const { layer, blob } = await sampleLayer('none');
    expect(await indexLayer(pieces(blob, blob.length))).toEqual({ ...layer.index, seekPoints: [] });
  });

  it.each([
    ['../etc/passwd', undefined],
    ['a/../../b', undefined],
    ['a/.wh..', undefined],
    ['ok', '../../etc/shadow'],
  ])('refuses the entry %s with link %s', async (path, linkName) => {
    const type = linkName === undefined ? 'file' : 'hardlink';
    const header = encodeEntryHeader({ ...meta, path, type, linkName });
    const tar = Buffer.concat([header, TAR_END]);
    await expect(indexLayer(pieces(tar))).rejects.toMatchObject({ code: 'unsafe-archive' });
  });

  it('ends with "cancelled" although the source never answers', async () => {
    const controller = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      await new Promise(() => undefined);
    }
    setImmediate(() => controller.abort());
    await expect(indexLayer(silent(), { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('decompressLayer', () => {
  const tar = content(600_000, 't');

  it.each([
    ['gzip of one stream', () => gzipSync(tar), MEDIA_TYPE.ociLayerGzip],
    [
      'gzip of several members',
      () => Buffer.concat([gzipSync(tar.subarray(0, 5)), gzipSync(tar.subarray(5))]),
      MEDIA_TYPE.ociLayerGzip,
    ],
    ['gzip that claims to be bare', () => gzipSync(tar), MEDIA_TYPE.ociLayer],
    ['a bare tar that claims to be gzip', () => tar, MEDIA_TYPE.dockerLayerGzip],
    ['zstd', () => zstd(tar), MEDIA_TYPE.ociLayerZstd],
    [
      'zstd of several frames that claims to be gzip',
      () => Buffer.concat([zstd(tar.subarray(0, 9)), skippable(), zstd(tar.subarray(9))]),
      MEDIA_TYPE.ociLayerGzip,
    ],
    [
      'zstd behind a skippable frame',
      () => Buffer.concat([skippable(), zstd(tar), skippable()]),
      MEDIA_TYPE.ociLayerZstd,
    ],
  ])('unpacks %s', async (_, make, mediaType) => {
    const bytes = await collectBytes(decompressLayer(pieces(make()), mediaType));
    expect(bytes.equals(tar)).toBe(true);
  });

  it.each([
    ['cut-off gzip', () => gzipSync(tar).subarray(0, 5000)],
    ['damaged gzip', () => damage(gzipSync(tar))],
    ['cut-off zstd', () => zstd(tar).subarray(0, 5000)],
  ])('calls %s malformed', async (_, make) => {
    const run = collectBytes(decompressLayer(pieces(make()), MEDIA_TYPE.ociLayerGzip));
    await expect(run).rejects.toMatchObject({ code: 'malformed' });
  });

  it('refuses xz and types that are no layer', async () => {
    const xz = Buffer.from('fd377a585a000004', 'hex');
    await expect(collectBytes(decompressLayer(pieces(xz), MEDIA_TYPE.ociLayerGzip))).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(collectBytes(decompressLayer(pieces(tar), 'application/x+encrypted'))).rejects.toMatchObject(
      {
        code: 'unsupported',
      },
    );
  });

  it('stops a bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000), { level: constants.Z_BEST_SPEED });
    const run = collectBytes(decompressLayer(pieces(bomb), MEDIA_TYPE.ociLayerGzip, { maxBytes: 1_000_000 }));
    await expect(run).rejects.toMatchObject({ code: 'malformed' });
  });

  it.each(['gzip', 'zstd', 'none'])('passes an error of the source through, for %s', async (kind) => {
    const bytes = kind === 'gzip' ? gzipSync(tar) : kind === 'zstd' ? zstd(tar) : tar;
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 2000);
      throw new Error('the line broke');
    }
    await expect(collectBytes(decompressLayer(failing(), MEDIA_TYPE.ociLayer))).rejects.toThrow(
      'the line broke',
    );
  });

  function zstd(bytes: Uint8Array): Buffer {
    return execFileSync('zstd', ['-q', '-c'], { input: bytes, maxBuffer: 1e8 });
  }
  function skippable(): Buffer {
    return Buffer.from('502a4d1803000000aabbcc', 'hex');
  }
  function damage(bytes: Buffer): Buffer {
    bytes.fill(0xff, 3000, 3100);
    return bytes;
  }
});

describe('readEntryBytes', () => {
  it.each(['gzip', 'none'] as const)('reads whole files and parts of a %s layer', async (compression) => {
    const { layer, blob } = await sampleLayer(compression);
    for (const entry of [...layer.index.entries].filter(({ type }) => type === 'file')) {
      const expected = contents.get(entry.path) ?? Buffer.alloc(0);
      for (const [start, end] of [
        [undefined, undefined],
        [0, 10],
        [1_048_000, 1_050_000],
        [3_499_990, 9e9],
      ] as const) {
        const bytes = await collectBytes(
          readEntryBytes(access(blob).blob, layer, layer.index, entry, { start, end }),
        );
        expect(bytes.equals(expected.subarray(start ?? 0, Math.min(end ?? 9e9, expected.length)))).toBe(true);
      }
    }
  });

  it('reads only the gzip members it needs', async () => {
    const { layer, blob } = await sampleLayer('gzip');
    const { blob: watched, reads } = access(blob);
    await collectBytes(readEntryBytes(watched, layer, layer.index, find(layer.index, 'a/after')));
    const points = layer.index.seekPoints;
    expect(reads).toEqual([[points.at(-1)?.compressed, blob.length]]);
  });

  it('reads from the beginning where there are no seek points', async () => {
    const { layer, blob } = await sampleLayer('gzip');
    const index = { ...layer.index, seekPoints: [] };
    const bytes = await collectBytes(readEntryBytes(access(blob).blob, layer, index, find(index, 'a/after')));
    expect(bytes.equals(contents.get('a/after') ?? Buffer.alloc(0))).toBe(true);
  });

  it.each(['gnu', 'pax'])('reads sparse files that tar stored as %s', async (format) => {
    const path = join(dir, `sparse-${format}`);
    writeFileSync(path, content(10_000, 'x'));
    truncateSync(path, 20_000_000);
    execFileSync('sh', ['-c', 'printf tail >> "$1"', 'sh', path]);
    const tar = execFileSync(
      'tar',
      [`--format=${format}`, '--sparse', '-C', dir, '-cf', '-', `sparse-${format}`],
      { maxBuffer: 1e9 },
    );
    expect(tar.length).toBeLessThan(1_000_000);
    const index = await indexLayer(pieces(tar));
    const expected = Buffer.concat([content(10_000, 'x'), Buffer.alloc(19_990_000), Buffer.from('tail')]);
    const entry = find(index, `sparse-${format}`);
    expect(entry).toMatchObject({ size: 20_000_004, sparse: true });
    expect(entry.contentHash).toBe(createHash('sha256').update(expected).digest('hex'));
    const layer = { mediaType: MEDIA_TYPE.ociLayer };
    const bytes = await collectBytes(readEntryBytes(access(tar).blob, layer, index, entry, { start: 9_000 }));
    expect(bytes.equals(expected.subarray(9_000))).toBe(true);
  });

  it('says that a link has no content of its own', async () => {
    const { layer, blob } = await sampleLayer('gzip');
    const run = collectBytes(
      readEntryBytes(access(blob).blob, layer, layer.index, find(layer.index, 'a/hard')),
    );
    await expect(run).rejects.toMatchObject({ code: 'invalid-input' });
  });

  function find(index: LayerIndex, path: string) {
    const entry = [...index.entries].find((candidate) => candidate.path === path);
    if (entry === undefined) throw new Error(`${path} is not in the index`);
    return entry;
  }
});
