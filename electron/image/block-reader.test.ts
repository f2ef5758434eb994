import { describe, expect, it } from 'vitest';
import { BlockReader } from './block-reader.ts';
import { LayerWriter, type WrittenLayer } from './layer-writer.ts';

const TEXTS = ['small', 'x'.repeat(3_000_000), '', 'another'];

async function write(): Promise<{ layer: WrittenLayer; blob: Buffer }> {
  const chunks: Uint8Array[] = [];
  const writer = new LayerWriter(
    { write: async (chunk) => void chunks.push(chunk) },
    { compression: 'gzip' },
  );
  for (const [at, text] of TEXTS.entries())
    await writer.add(
      { path: `f${at}`, type: 'file', mode: 0o644, uid: 0, gid: 0, size: text.length, mtime: 0 },
      Buffer.from(text),
    );
  return { layer: await writer.finish(), blob: Buffer.concat(chunks) };
}

async function readAll(reader: BlockReader, { layer }: { layer: WrittenLayer }): Promise<string[]> {
  const texts: string[] = [];
  for (const entry of layer.index.entries) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader.content(entry)) chunks.push(chunk);
    texts.push(Buffer.concat(chunks).toString());
  }
  return texts;
}

describe('BlockReader', () => {
  it('gives the contents of files in and across blocks, and reads each block once', async () => {
    const written = await write();
    let reads = 0;
    const reader = new BlockReader(written.layer.index, written.blob.length, async (start, end) => {
      reads += 1;
      return written.blob.subarray(start, end);
    });
    expect(await readAll(reader, written)).toEqual(TEXTS);
    expect(reads).toBe(written.layer.index.seekPoints.length);
  });

  it('refuses a blob that is gone, damaged or shorter', async () => {
    const written = await write();
    const { index } = written.layer;
    const damaged = Buffer.from(written.blob.map((byte, at) => (at < 20 ? byte : byte ^ 0xff)));
    for (const read of [async () => null, async (start: number, end: number) => damaged.subarray(start, end)])
      await expect(readAll(new BlockReader(index, damaged.length, read), written)).rejects.toMatchObject({
        code: 'malformed',
      });
  });
});
