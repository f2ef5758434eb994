import type { FileDifference, ImageComparison, ImageDetail } from '#shared/contract/images.ts';

/** Invented differences of any two images: enough for several pages. */
const ROWS: readonly FileDifference[] = [
  row('root/.npm/_cacache', 'added', [null, 9_100_000], { isDirectory: true, files: 812 }),
  row('app/node_modules/typescript', 'removed', [9_000_000, null], { isDirectory: true, files: 114 }),
  row('app/dist/server.js', 'changed', [84_100, 91_000]),
  row('etc/passwd', 'changed', [922, 964]),
  row('app/run.sh', 'changed', [300, 300], { sameContent: true }),
  ...Array.from({ length: 700 }, (_, index) =>
    row(`app/dist/assets/chunk-${String(index).padStart(3, '0')}.js`, 'changed', [200, 210]),
  ),
];

function row(
  path: string,
  change: FileDifference['change'],
  [before, after]: readonly [number | null, number | null],
  more: Partial<FileDifference> = {},
): FileDifference {
  return { path, change, isDirectory: false, sameContent: false, files: 1, before, after, ...more };
}

/** How one invented image differs from another: layers by their digests, files the same for any two. */
export function fakeComparison(before: ImageDetail, after: ImageDetail): ImageComparison {
  const isSame = before.summary.id === after.summary.id;
  const layers = sideBySide(
    before.layers.map((layer) => layer.diffId),
    after.layers.map((layer) => layer.diffId),
  );
  return {
    before,
    after,
    layers,
    sameBytes: layers.reduce(
      (sum, pair) => sum + (pair.same && pair.after !== null ? (after.layers[pair.after]?.size ?? 0) : 0),
      0,
    ),
    files: isSame ? { added: 0, changed: 0, removed: 0 } : { added: 812, changed: 703, removed: 114 },
    config: isSame
      ? []
      : [
          { field: 'env NODE_ENV', before: null, after: 'production' },
          { field: 'cmd', before: '["node","server.js"]', after: '["node","dist/server.js"]' },
        ],
    history: sideBySide(
      before.history.map((step) => step.createdBy),
      after.history.map((step) => step.createdBy),
    ),
  };
}

/** One page of the invented differences. */
export function fakeDifferences(
  query = '',
  offset = 0,
  limit = 500,
): { rows: FileDifference[]; total: number } {
  const found = ROWS.filter(({ path }) => path.includes(query));
  return { rows: found.slice(offset, offset + limit), total: found.length };
}

function sideBySide(before: readonly string[], after: readonly string[]): ImageComparison['layers'] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => ({
    before: at < before.length ? at : null,
    after: at < after.length ? at : null,
    same: before[at] === after[at],
  }));
}
