import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from './testing/workshop.ts';

/** Before the moment at which a file counts as just written. */
const LONG_AGO = new Date('2024-05-01T12:00:00Z');
const FILES = Array.from({ length: 400 }, (_, at) => `src/part-${at % 8}/file-${at}.txt`);
const DOCKERFILE = 'FROM scratch\nCOPY src /app/src\nCOPY . /all\n';

let shop: Workshop;
beforeEach(async () => {
  shop = await Workshop.open();
});
afterEach(() => shop.close());

async function fill(workshop: Workshop, changed: Readonly<Record<string, string>> = {}): Promise<void> {
  const texts = FILES.map((path) => [path, `${path}\n`.repeat(120)] as const);
  const files = { Dockerfile: DOCKERFILE, ...Object.fromEntries(texts), ...changed };
  await workshop.write(files);
  const all = await readdir(workshop.context, { recursive: true });
  for (const path of all) await utimes(join(workshop.context, path), LONG_AGO, LONG_AGO);
}

describe('a layer that is copied again', () => {
  it('is put together from earlier blocks and is the layer that a build without any makes', async () => {
    await fill(shop);
    await shop.build();
    const change = { 'src/part-3/file-11.txt': 'changed', 'src/part-5/new.txt': 'new' };
    await fill(shop, change);
    const again = await shop.build();
    const elsewhere = await Workshop.open();
    try {
      await fill(elsewhere, change);
      const anew = await elsewhere.build();
      expect(again.record.layers).toEqual(anew.record.layers);
      expect(await shop.listing(again.record)).toEqual(await elsewhere.listing(anew.record));
    } finally {
      await elsewhere.close();
    }
  });

  it('is made anew when the layer with its blocks was removed', async () => {
    await fill(shop);
    const first = await shop.build();
    for (const { digest } of first.record.layers) await rm(shop.store.paths.blob(digest));
    const again = await shop.build();
    expect(again.record.layers).toEqual(first.record.layers);
    expect((await shop.listing(again.record))['all/src/part-3/file-11.txt']).toContain(
      'src/part-3/file-11.txt',
    );
  });
});
