import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { BlockMemory } from './block-memory.ts';

const BLOB = parseDigest(`sha256:${'a'.repeat(64)}`);
const OTHER = parseDigest(`sha256:${'b'.repeat(64)}`);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-blocks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A memory whose blocks are texts that say where they were read. */
function open(dockerfile = '/p/Dockerfile'): BlockMemory {
  return new BlockMemory(folder, dockerfile, async (blob, start, end) =>
    Buffer.from(`${blob.slice(7, 8)} ${start} ${end}`),
  );
}

async function said(memory: BlockMemory, key: string): Promise<string | undefined> {
  return (await memory.find(key))?.toString();
}

describe('BlockMemory', () => {
  it('finds blocks in the same build and, once saved, in later ones of the same Dockerfile', async () => {
    const first = open();
    await first.load();
    first.note(BLOB, [{ key: 'one', start: 0, end: 10 }]);
    first.note(OTHER, [{ key: 'two', start: 5, end: 7 }]);
    expect(await said(first, 'one')).toBe('a 0 10');
    await first.save();
    const later = open();
    await later.load();
    expect([await said(later, 'one'), await said(later, 'two'), later.find('three')]).toEqual([
      'a 0 10',
      'b 5 7',
      null,
    ]);
    const another = open('/q/Dockerfile');
    await another.load();
    expect(another.find('one')).toBeNull();
  });

  it('keeps what was used last when there is too much', async () => {
    const first = open();
    first.note(BLOB, [{ key: 'old', start: 0, end: 10 }]);
    await first.save();
    const later = open();
    await later.load();
    later.note(
      OTHER,
      Array.from({ length: 4096 }, (_, at) => ({ key: `${at}`, start: at, end: at + 1 })),
    );
    await later.save();
    const last = open();
    await last.load();
    expect(last.find('old')).toBeNull();
    expect(await said(last, '4095')).toBe('b 4095 4096');
  });

  it.each([
    '',
    '{}',
    '[["sha256:../../x"],[["one",0,0,10]]]',
    '[[],[["one",7,0,10]]]',
    `[["${BLOB}"],[["one",0,9,3],1,null]]`,
  ])('takes a damaged file as empty: %s', async (text) => {
    const first = open();
    first.note(BLOB, [{ key: 'x', start: 0, end: 1 }]);
    await first.save();
    for (const name of await readdir(folder)) await writeFile(join(folder, name), text);
    const memory = open();
    await memory.load();
    expect(memory.find('one')).toBeNull();
  });

  it('says that a block is not there when its blob cannot be read', async () => {
    const memory = new BlockMemory(folder, '/p/Dockerfile', () => Promise.reject(new Error('gone')));
    memory.note(BLOB, [{ key: 'one', start: 0, end: 10 }]);
    expect(await memory.find('one')).toBeNull();
  });
});
