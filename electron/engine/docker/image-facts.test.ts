import { expect, it } from 'vitest';
import { createImageFacts, type ImageFacts } from './image-facts.ts';

const factsOf = (id: string): ImageFacts => ({ id, diffIds: [], sizes: [], platform: null });

it('asks once for each image, few at a time', async () => {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  const cache = createImageFacts(async (id) => {
    asked.push(id);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    return factsOf(id);
  });
  const ids = Array.from({ length: 30 }, (_, index) => `id-${index}`);
  const options = { patienceMs: 60_000, onLate: () => {} };
  await Promise.all([cache.fill(ids, options), cache.fill(ids, options)]);
  await cache.fill(ids, options);
  expect(asked.sort()).toEqual([...ids].sort());
  expect(most).toBeLessThanOrEqual(4);
  await cache.fill(ids.slice(1), options);
  expect(cache.get('id-0')).toBeUndefined();
  expect(cache.get('id-1')).toEqual(factsOf('id-1'));
});

it('does not wait longer than told, and says when the rest is there', async () => {
  let answer = (_: ImageFacts) => {};
  const cache = createImageFacts((id) => new Promise((resolve) => (answer = () => resolve(factsOf(id)))));
  const late = new Promise<void>((resolve) => {
    void cache.fill(['a'], { patienceMs: 1, onLate: resolve }).then(() => {
      expect(cache.get('a')).toBeUndefined();
      answer(factsOf('a'));
    });
  });
  await late;
  expect(cache.get('a')).toEqual(factsOf('a'));
});

it('asks again for an image whose facts could not be read', async () => {
  let count = 0;
  const cache = createImageFacts(async (id) => {
    count += 1;
    if (count === 1) throw new Error('gone');
    return factsOf(id);
  });
  const options = { patienceMs: 60_000, onLate: () => {} };
  await cache.fill(['a'], options);
  expect(cache.get('a')).toBeUndefined();
  await cache.fill(['a'], options);
  expect(cache.get('a')).toEqual(factsOf('a'));
});
