import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Built, Workshop } from '../../build/testing/workshop.ts';
import { createImageCatalog } from './image-catalog.ts';
import { createImageComparer } from './image-comparer.ts';

const DOCKERFILE = `FROM scratch
COPY lib /lib/
COPY src /src/
ENV MODE=dev
`;

describe('comparing images of the store', () => {
  let shop: Workshop;
  let before: Built;
  let after: Built;
  const comparer = () =>
    createImageComparer(
      shop.store,
      createImageCatalog(shop.store, async () => undefined),
    );

  beforeEach(async () => {
    shop = await Workshop.open();
    await shop.write({
      Dockerfile: DOCKERFILE,
      'lib/a.txt': 'a',
      'src/main.js': 'one',
      'src/old/x.js': 'xxxx',
    });
    before = await shop.build({ tags: ['shop:1'] });
    await shop.write({
      Dockerfile: DOCKERFILE.replace('src /src/', '--exclude=old src /src/').replace('dev', 'live'),
      'src/main.js': 'three',
    });
    after = await shop.build({ tags: ['shop:2'] });
  });
  afterEach(() => shop.close());

  it('tells layers, files, settings and history apart', async () => {
    const compared = await comparer().compare('shop:1', 'shop:2');
    expect([compared.before.summary.id, compared.after.summary.id]).toEqual([before.digest, after.digest]);
    expect(compared.layers).toEqual([
      { before: 0, after: 0, same: true },
      { before: 1, after: 1, same: false },
    ]);
    expect(compared.sameBytes).toBe(before.record.layers[0]?.size);
    expect(compared.files).toEqual({ added: 0, changed: 1, removed: 1 });
    expect(compared.config).toEqual([{ field: 'env MODE', before: 'dev', after: 'live' }]);
    expect(compared.history.map(({ same }) => same)).toEqual([true, false, false]);
  });

  it('pages and searches the files, largest difference first', async () => {
    const all = { a: 'shop:1', b: 'shop:2', query: '', offset: 0, limit: 10 };
    const { rows, total } = await comparer().files(all);
    expect(rows.map(({ path, change, files }) => [path, change, files])).toEqual([
      ['src/old', 'removed', 1],
      ['src/main.js', 'changed', 1],
    ]);
    expect(total).toBe(2);
    const second = await comparer().files({ ...all, offset: 1, limit: 1 });
    expect([second.total, second.rows.map(({ path }) => path)]).toEqual([2, ['src/main.js']]);
    const found = await comparer().files({ ...all, query: 'MAIN' });
    expect([found.total, found.rows[0]?.path]).toEqual([1, 'src/main.js']);
  });

  it('finds an image equal to itself, and says which is not there', async () => {
    const same = await comparer().compare('shop:1', before.digest);
    expect(same).toMatchObject({ files: { added: 0, changed: 0, removed: 0 }, config: [] });
    expect(same.layers.every((pair) => pair.same)).toBe(true);
    await expect(comparer().compare('shop:1', 'shop:9')).rejects.toMatchObject({ code: 'not-found' });
  });
});
