import { describe, expect, it } from 'vitest';
import { fakeComparison, fakeDifferences } from '#renderer/testing/fake-comparison.ts';
import { fakeImageDetail } from '#renderer/testing/fake-images.ts';
import type { ImageComparison } from '#shared/contract/images.ts';
import { comparisonFigures, comparisonText } from './comparison-words.ts';

function comparison(before: string, after: string): ImageComparison {
  const [a, b] = [fakeImageDetail(before), fakeImageDetail(after)];
  if (a === undefined || b === undefined) throw new Error('Not invented.');
  return fakeComparison(a, b);
}

describe('the figures of a comparison', () => {
  it('say what grew, what is not sent again, and what differs', () => {
    expect(comparisonFigures(comparison('acme/web:1.4.1', 'acme/web:1.4.2'))).toEqual([
      { title: '+ 1.2 MB', note: '112 MB → 113 MB to transfer' },
      { title: '8 of 9 layers the same', note: '112 MB not sent again' },
      { title: '1,629 files differ', note: '+ 812 added, ~ 703 changed, − 114 removed' },
      { title: '2 settings differ', note: 'NODE_ENV added, cmd changed' },
    ]);
  });

  it('say calmly that nothing differs', () => {
    const titles = comparisonFigures(comparison('acme/web:1.4.2', 'acme/web:1.4.2')).map(
      ({ title }) => title,
    );
    expect(titles).toEqual(['Same size', '9 of 9 layers the same', 'Same files', 'Same config']);
  });
});

it('the text of a comparison holds names, layers, settings and the files that are here', () => {
  const { rows, total } = fakeDifferences('', 0, 3);
  const text = comparisonText(comparison('acme/web:1.4.1', 'acme/web:1.4.2'), rows, total);
  expect(text).toMatch(/^acme\/web:1\.4\.1 \(sha256:\w{4}…\w{4}\) → acme\/web:1\.4\.2 /);
  expect(text).toContain('  added    COPY . .  – → 1.2 MB\n');
  expect(text).toContain('  env NODE_ENV: unset → production\n');
  expect(text).toContain('  + added  /root/.npm/_cacache/  + 9.1 MB\n');
  expect(text).toContain('  and 702 more rows\n');
});
