import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KnownBlocks } from './known-blocks.ts';
import { LayerWriter, type WrittenLayer } from './layer-writer.ts';

/** Files of a layer by path. */
type Files = ReadonlyMap<string, string>;

interface Outcome {
  readonly layer: WrittenLayer;
  readonly blob: Buffer;
  /** The files whose content was read. */
  readonly read: readonly string[];
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** So many files of about a kilobyte that compress a little. */
function manyFiles(count: number): Map<string, string> {
  const paths = Array.from({ length: count }, (_, at) => `src/part-${Math.floor(at / 50)}/file-${at}.ts`);
  return new Map(
    paths
      .sort()
      .map((path) => [path, Array.from({ length: 16 }, (_, at) => sha256(`${path} ${at}`)).join('\n')]),
  );
}

async function write(files: Files, known?: KnownBlocks, hashOf = sha256): Promise<Outcome> {
  const chunks: Uint8Array[] = [];
  const read: string[] = [];
  const writer = new LayerWriter(
    { write: async (chunk) => void chunks.push(chunk) },
    { compression: 'gzip', known },
  );
  for (const [path, text] of files) {
    const body = () => {
      read.push(path);
      return Buffer.from(text);
    };
    const entry = {
      path,
      type: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: text.length,
      mtime: 1_700_000_000,
    } as const;
    await writer.add({ ...entry, contentHash: hashOf(text) }, body);
  }
  return { layer: await writer.finish(), blob: Buffer.concat(chunks), read };
}

/** The blocks of layers that were written before. */
function blocksOf(...outcomes: readonly Outcome[]): KnownBlocks & { readonly members: Map<string, Buffer> } {
  const members = new Map<string, Buffer>();
  for (const { layer, blob } of outcomes)
    for (const { key, start, end } of layer.blocks) members.set(key, blob.subarray(start, end));
  return { members, find: (key) => Promise.resolve(members.get(key) ?? null) };
}

const nothing: KnownBlocks = { find: () => null };

describe('a layer over known blocks', () => {
  const files = manyFiles(3000);

  it.each<readonly [what: string, change: (files: Map<string, string>) => void]>([
    ['changed', (all) => all.set('src/part-20/file-1000.ts', 'another text')],
    ['removed', (all) => all.delete('src/part-20/file-1000.ts')],
    ['grown to a large one', (all) => all.set('src/part-20/file-1000.ts', 'x'.repeat(1_500_000))],
  ])(
    'reads only files about one that was %s, and has the bytes that it would have without',
    async (_, change) => {
      const first = await write(files, nothing);
      expect(first.read).toHaveLength(files.size);
      const changed = new Map(files);
      change(changed);
      const [again, anew] = [await write(changed, blocksOf(first)), await write(changed)];
      expect(again.blob.equals(anew.blob)).toBe(true);
      expect(again.layer.index).toEqual(anew.layer.index);
      expect(again.read.length).toBeLessThan(files.size / 2);
      expect(again.layer.diffId).not.toBe(first.layer.diffId);
    },
  );

  it('takes over blocks of files that stand elsewhere in the layer', async () => {
    const first = await write(files, nothing);
    const more = new Map([['a/first.txt', 'before all others'], ...files, ['z/last.txt', 'after them']]);
    const again = await write(more, blocksOf(first));
    expect(again.read.length).toBeLessThan(files.size / 4);
    expect(again.blob.equals((await write(more)).blob)).toBe(true);
  });

  it('does not read a large file that is the same', async () => {
    const large = new Map([
      ['data.bin', sha256('large').repeat(60_000)],
      ['small.txt', 'one'],
    ]);
    const first = await write(large, nothing);
    const changed = new Map(large).set('small.txt', 'two');
    const again = await write(changed, blocksOf(first));
    expect(again.read).toEqual(['small.txt']);
    expect(again.blob.equals((await write(changed)).blob)).toBe(true);
  });

  it.each<readonly [what: string, damage: (member: Buffer) => Buffer]>([
    ['damaged', (member) => Buffer.from(member.map((byte, at) => (at < 20 ? byte : byte ^ 0xff)))],
    ['of another length', () => gzipSync('something else')],
    ['other entries', (member) => gzipSync(Buffer.alloc(member.readUInt32LE(member.length - 4), 'x'))],
  ])('makes a block itself where what is known is %s', async (_, damage) => {
    const large = new Map([...files, ['zz.bin', 'y'.repeat(3_000_000)]]);
    const first = await write(large, nothing);
    const known = blocksOf(first);
    for (const [key, member] of known.members) known.members.set(key, damage(member));
    const again = await write(files, known);
    expect(again.read).toHaveLength(files.size);
    expect(again.blob.equals((await write(files)).blob)).toBe(true);
  });

  it('goes on by itself where a block of a large file is gone', async () => {
    const large = new Map([['data.bin', sha256('large').repeat(60_000)]]);
    const first = await write(large, nothing);
    const known = blocksOf(first);
    known.members.delete(first.layer.blocks[2]?.key ?? '');
    const again = await write(large, known);
    expect(again.read).toEqual(['data.bin']);
    expect(again.blob.equals(first.blob)).toBe(true);
  });

  it('names what it read by its content, not by what it was said to be', async () => {
    const wrong = await write(files, nothing, () => sha256('another content'));
    expect(wrong.layer.index.entries.at(7)?.contentHash).toBe(sha256([...files.values()][7] ?? ''));
    const misled = await write(files, blocksOf(wrong), () => sha256('another content'));
    expect(misled.read).toHaveLength(files.size);
    expect((await write(files, blocksOf(wrong))).read).toEqual([]);
  });
});
