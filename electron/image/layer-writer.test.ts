import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  LayerWriter,
  type LayerWriterOptions,
  type NewLayerEntry,
  type WrittenLayer,
  whiteoutEntry,
} from './layer-writer.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-layer-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Item = readonly [entry: NewLayerEntry, body?: Uint8Array | AsyncIterable<Uint8Array>];

const meta = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 1_700_000_000 };

function file(path: string, content: string | Buffer): Item {
  const body = Buffer.from(content);
  return [{ ...meta, path, type: 'file', size: body.length }, body];
}

async function write(
  items: readonly Item[],
  options: LayerWriterOptions,
): Promise<{ layer: WrittenLayer; blob: Buffer }> {
  const chunks: Uint8Array[] = [];
  const sink = {
    async write(chunk: Uint8Array) {
      chunks.push(chunk);
    },
  };
  const writer = new LayerWriter(sink, options);
  for (const [entry, body] of items) await writer.add(entry, body);
  const layer = await writer.finish();
  return { layer, blob: Buffer.concat(chunks) };
}

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const sample: Item[] = [
  [{ ...meta, path: 'app', type: 'directory', mode: 0o755 }],
  file('app/hello.txt', 'hello\n'),
  file(`app/${'n'.repeat(120)}/${'m'.repeat(120)}`, 'long'),
  file('app/grüße', 'utf-8'),
  file('app/empty', ''),
  [{ ...meta, path: 'app/link', type: 'symlink', mode: 0o777, linkTarget: 'hello.txt' }],
  [{ ...meta, path: 'app/twin', type: 'hardlink', linkTarget: 'app/hello.txt' }],
  [{ ...meta, path: 'app/pipe', type: 'fifo' }],
  [{ ...meta, path: 'app/null', type: 'char', devMajor: 1, devMinor: 3 }],
  [whiteoutEntry('whiteout', 'app/gone')],
  [whiteoutEntry('opaque', 'app/cache')],
];

describe('LayerWriter', () => {
  it('names diffID and sizes of what the sink got', async () => {
    const { layer, blob } = await write(sample, { compression: 'gzip' });
    const tar = gunzipSync(blob);
    expect(layer.size).toBe(blob.length);
    expect(layer.diffId).toBe(sha256(tar));
    expect(layer.index.tarSize).toBe(tar.length);
    expect(layer.index.contentSize).toBe(15);
    const plain = await write(sample, { compression: 'none' });
    expect(plain.blob.equals(tar)).toBe(true);
    expect(plain.layer.diffId).toBe(sha256(plain.blob));
    expect(plain.layer.size).toBe(plain.blob.length);
  });

  it('gives offsets and hashes at which each content is found', async () => {
    const { layer, blob } = await write(sample, { compression: 'none' });
    for (const entry of [...layer.index.entries].filter(({ type }) => type === 'file')) {
      const content = blob.subarray(entry.offset, entry.offset + entry.size);
      expect(`sha256:${entry.contentHash}`).toBe(sha256(content));
    }
    expect(Array.from(layer.index.entries, ({ type }) => type).slice(-2)).toEqual(['whiteout', 'opaque']);
  });

  it('writes what tar and gzip read', async () => {
    const { blob } = await write(sample, { compression: 'gzip' });
    const path = join(dir, 'layer.tar.gz');
    writeFileSync(path, blob);
    const listing = execFileSync('tar', ['--quoting-style=literal', '-tvf', path], { encoding: 'utf8' });
    expect(listing).toContain('app/hello.txt');
    expect(listing).toContain('app/grüße');
    expect(listing).toContain('app/.wh.gone');
    expect(listing).toContain('app/cache/.wh..wh..opq');
    expect(listing).toMatch(/link to app\/hello\.txt/);
    expect(listing).toMatch(/^crw-r--r-- .* 1,3 .* app\/null$/m);
    execFileSync('tar', ['-C', dir, '--exclude=app/null', '-xf', path]);
    expect(readFileSync(join(dir, 'app', 'hello.txt'), 'utf8')).toBe('hello\n');
    expect(statSync(join(dir, 'app', 'twin')).ino).toBe(statSync(join(dir, 'app', 'hello.txt')).ino);
  });

  it('gives the same bytes for the same entries', async () => {
    const first = await write(sample, { compression: 'gzip' });
    const second = await write(sample, { compression: 'gzip' });
    expect(second.blob.equals(first.blob)).toBe(true);
  });

  it('gives no entry a later time than asked for, and leaves earlier ones', async () => {
    const times = [1_000, 1_699_999_999, 1_700_000_000];
    const items = times.map((mtime, i): Item => [{ ...meta, path: `f${i}`, type: 'file', mtime }]);
    const { layer } = await write(items, { compression: 'none', newestTime: 1_500_000_000 });
    expect(Array.from(layer.index.entries, (entry) => entry.mtime)).toEqual([
      1_000, 1_500_000_000, 1_500_000_000,
    ]);
    const untouched = await write(items, { compression: 'none' });
    expect(Array.from(untouched.layer.index.entries, (entry) => entry.mtime)).toEqual(times);
  });

  it('cuts large content into members that can each be read alone', async () => {
    const content = Buffer.alloc(5 << 20, 'some text that repeats ');
    const { layer, blob } = await write([file('big', content)], { compression: 'gzip' });
    const tar = gunzipSync(blob);
    // Its header, its content, and the end.
    expect(layer.index.seekPoints).toHaveLength(1 + 5 + 1);
    for (const [at, point] of layer.index.seekPoints.entries()) {
      const end = layer.index.seekPoints[at + 1];
      const member = gunzipSync(blob.subarray(point.compressed, end?.compressed));
      expect(member.equals(tar.subarray(point.uncompressed, end?.uncompressed))).toBe(true);
    }
  });

  it('takes content as a stream', async () => {
    const { layer } = await write(
      [
        [
          { ...meta, path: 'f', type: 'file', size: 4 },
          (async function* () {
            yield Buffer.from('ab');
            yield Buffer.from('cd');
          })(),
        ],
      ],
      { compression: 'none' },
    );
    expect(layer.index.entries.at(0)?.contentHash).toBe(createHash('sha256').update('abcd').digest('hex'));
  });

  it.each([
    ['shorter', 'abc'],
    ['longer', 'abcde'],
  ])('refuses content that is %s than announced', async (_, content) => {
    const entry: NewLayerEntry = { ...meta, path: 'f', type: 'file', size: 4 };
    const streamed = (async function* () {
      yield Buffer.from(content);
    })();
    for (const body of [Buffer.from(content), streamed])
      await expect(write([[entry, body]], { compression: 'none' })).rejects.toMatchObject({
        code: 'conflict',
      });
  });

  it.each([
    ['a/../b', 'unsafe-archive'],
    ['/a', 'invalid-input'],
    ['a/', 'invalid-input'],
    ['a/.wh.b', 'invalid-input'],
    ['.wh.', 'unsafe-archive'],
  ])('refuses the path %s', async (path, code) => {
    await expect(write([file(path, '')], { compression: 'none' })).rejects.toMatchObject({ code });
  });

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(write(sample, { compression: 'gzip', signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
