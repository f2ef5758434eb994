import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ByteSink, GzipMembers, MEMBER_SIZE } from './gzip-members.ts';
import { gzipTar } from './gzip-stream.ts';

/** Bytes that compress a little and do not repeat. */
function content(length: number): Buffer {
  const parts: string[] = [];
  for (let at = 0; at * 64 < length; at += 1) parts.push(createHash('sha256').update(`${at}`).digest('hex'));
  return Buffer.from(parts.join('')).subarray(0, length);
}

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function memory(): { sink: ByteSink; bytes(): Buffer } {
  const chunks: Uint8Array[] = [];
  return { sink: { write: async (chunk) => void chunks.push(chunk) }, bytes: () => Buffer.concat(chunks) };
}

describe('gzipTar', () => {
  it.each([0, 1, MEMBER_SIZE - 1, MEMBER_SIZE, MEMBER_SIZE + 1, 9 * MEMBER_SIZE + 5])(
    'writes %d bytes so that gzip reads them back',
    async (length) => {
      const input = content(length);
      const { sink, bytes } = memory();
      const points = await gzipTar(cut(input, 300_000), sink);
      const output = execFileSync('gzip', ['-dc'], { input: bytes(), maxBuffer: 1e8 });
      expect(output.equals(input)).toBe(true);
      expect(points).toHaveLength(Math.max(1, Math.ceil(length / MEMBER_SIZE)));
      expect(points.map(({ uncompressed }) => uncompressed)).toEqual(points.map((_, at) => at * MEMBER_SIZE));
    },
  );

  it('gives the same bytes whatever the cut of the input, with nothing of machine or time in them', async () => {
    const input = content(3 * MEMBER_SIZE);
    const first = memory();
    const points = await gzipTar(cut(input, 1_000_000), first.sink);
    const second = memory();
    await gzipTar(cut(input, 70_001), second.sink);
    expect(second.bytes().equals(first.bytes())).toBe(true);
    for (const { compressed } of points)
      expect(first.bytes().toString('hex', compressed, compressed + 10)).toBe('1f8b08000000000000ff');
  });

  it('stores what does not compress, block by block, and compresses the rest', async () => {
    const input = Buffer.concat([randomBytes(MEMBER_SIZE), content(MEMBER_SIZE), randomBytes(MEMBER_SIZE)]);
    const [once, again] = [memory(), memory()];
    const points = await gzipTar(cut(input, 300_000), once.sink);
    await gzipTar(cut(input, 300_000), again.sink);
    const output = execFileSync('gzip', ['-dc'], { input: once.bytes(), maxBuffer: 1e8 });
    expect(output.equals(input)).toBe(true);
    expect(again.bytes().equals(once.bytes())).toBe(true);
    const ends = [...points.slice(1).map(({ compressed }) => compressed), once.bytes().length];
    const sizes = ends.map((end, at) => end - (points[at]?.compressed ?? 0));
    expect(sizes[0]).toBeGreaterThan(MEMBER_SIZE);
    expect(sizes[0]).toBeLessThan(MEMBER_SIZE + 1024);
    expect(sizes[1]).toBeLessThan(MEMBER_SIZE * 0.7);
    expect(once.bytes().includes(input.subarray(0, 4096))).toBe(true);
  });

  it('fails as the sink fails, and as the source fails', async () => {
    const input = content(12 * MEMBER_SIZE);
    const full: ByteSink = { write: () => Promise.reject(new Error('disk full')) };
    await expect(gzipTar(cut(input, MEMBER_SIZE), full)).rejects.toThrow('disk full');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield input.subarray(0, 2 * MEMBER_SIZE);
      throw new Error('cannot read');
    }
    await expect(gzipTar(broken(), memory().sink)).rejects.toThrow('cannot read');
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const sink: ByteSink = { write: async () => controller.abort() };
    const run = gzipTar(cut(content(12 * MEMBER_SIZE), MEMBER_SIZE), sink, { signal: controller.signal });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([0, 10, 2.5])('refuses level %d', async (level) => {
    await expect(gzipTar(cut(content(1), 1), memory().sink, { level })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});

describe('GzipMembers', () => {
  it('takes no more blocks while the sink is busy', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const members = new GzipMembers({ write: () => held });
    const block = content(1000);
    let taken = 0;
    const feeding = (async () => {
      for (; taken < 50; taken += 1) await members.writeBlock(block);
    })();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(taken).toBeLessThan(10);
    release();
    await feeding;
    expect(await members.finish()).toHaveLength(50);
  });
});
