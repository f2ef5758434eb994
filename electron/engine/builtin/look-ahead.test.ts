import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImageRecord } from '../../store/image-records.ts';
import { openStore, type Store } from '../../store/store.ts';
import { addImage } from '../../store/testing/add-image.ts';
import { createLookAhead } from './look-ahead.ts';

let home: string;
let image: ImageRecord;
/** A store in which nobody has looked into the image. */
let store: Store;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-look-ahead-'));
  const first = await openStore(home);
  image = await addImage(first, { a: 'one', b: 'two' });
  for (const { digest, diffId } of image.layers) {
    await rm(first.paths.index(digest));
    await rm(first.paths.layer(diffId));
  }
  store = await openStore(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const sizes = async (): Promise<(number | undefined)[]> => {
  const found = await Promise.all(image.layers.map((layer) => store.layers.verifiedSummary(layer)));
  return found.map((summary) => summary?.contentSize);
};

it('looks into the layers of a pull, and goes past one that is not sound', async () => {
  expect(await sizes()).toEqual([undefined, undefined]);
  const [first, second] = image.layers;
  if (first === undefined || second === undefined) throw new Error('the image has two layers');
  const lying = { ...image, layers: [{ ...first, diffId: second.diffId }, second] };
  await new Promise<void>((resolve) => createLookAhead(store, resolve).begin(lying));
  expect(await sizes()).toEqual([undefined, 3]);
});

it('ends when its host does, and tells nothing afterwards', async () => {
  let told = 0;
  const ahead = createLookAhead(store, () => (told += 1));
  ahead.begin(image);
  ahead.begin(image);
  await ahead.close();
  expect(told).toBe(0);
});
