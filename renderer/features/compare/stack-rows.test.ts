import { describe, expect, it } from 'vitest';
import { fakeComparison } from '#renderer/testing/fake-comparison.ts';
import { fakeImageDetail } from '#renderer/testing/fake-images.ts';
import type { ImageDetail } from '#shared/contract/images.ts';
import { stackRows } from './stack-rows.ts';

function image(name: string): ImageDetail {
  const detail = fakeImageDetail(name);
  if (detail === undefined) throw new Error(`There is no ${name}.`);
  return detail;
}

const rowsOf = (before: string, after: string): string[] =>
  stackRows(fakeComparison(image(before), image(after))).map(
    (row) => `${row.before?.title.slice(-12) ?? '-'} | ${row.link} | ${row.after?.title.slice(-12) ?? '-'}`,
  );

describe('the rows of two stacks', () => {
  it('are newest first, with the shared base in one piece', () => {
    expect(rowsOf('acme/web:1.4.1', 'acme/web:1.4.2')).toEqual([
      '- | added | . # buildkit',
      'v # buildkit | same | v # buildkit',
      '/ # buildkit | same | / # buildkit',
      'ommends curl | same | ommends curl',
      'm · 5 layers | same | m · 5 layers',
    ]);
  });

  it('show the layers of bases that differ one by one', () => {
    const rows = stackRows(fakeComparison(image('acme/site:1.0'), image('acme/web:1.4.2')));
    expect(rows.at(-1)).toMatchObject({ link: 'same', before: { base: true, layer: 0 } });
    expect(rows.at(-2)).toMatchObject({ link: 'changed', before: { base: true, layer: 1 } });
    expect(rows).toHaveLength(9);
  });

  it('draw a layer that both have as one of a base on both sides', () => {
    const known = image('acme/web:1.4.2');
    const unknown = { ...known, layers: known.layers.map((layer) => ({ ...layer, base: false })) };
    const rows = stackRows(fakeComparison(unknown, known));
    expect(rows.at(-1)).toMatchObject({ link: 'same', before: { base: true }, after: { base: true } });
    expect(rows.every((row) => row.before?.base === row.after?.base)).toBe(true);
  });

  it('say what was removed', () => {
    expect(stackRows(fakeComparison(image('acme/web:1.4.2'), image('acme/web:1.4.1')))[0]).toMatchObject({
      link: 'removed',
      after: null,
    });
  });
});
