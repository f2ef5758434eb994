import type { FileRow } from '#shared/contract/images.ts';

interface Seed {
  readonly path: string;
  readonly size: number;
  readonly change: FileRow['change'];
  readonly type?: FileRow['type'];
  readonly linkTarget?: string;
  readonly mode?: number;
  readonly uid?: number;
}

const PACKAGES = [
  'typescript',
  'express',
  'undici',
  'zod',
  'lodash',
  '@aws-sdk/client-s3',
  'pino',
  'ws',
  'semver',
];

/** What `npm ci` leaves: a tree deep and wide enough for paging. */
const NPM_CI: readonly Seed[] = [
  ...PACKAGES.flatMap((name, place): Seed[] => [
    { path: `app/node_modules/${name}/package.json`, size: 1400 + place, change: 'added' },
    {
      path: `app/node_modules/${name}/lib/index.js`,
      size: Math.round(9_000_000 / (place + 1) ** 2),
      change: 'added',
    },
    { path: `app/node_modules/${name}/README.md`, size: 5200, change: 'added' },
  ]),
  ...Array.from(
    { length: 640 },
    (_, index): Seed => ({
      path: `app/node_modules/.bin/tool-${String(index).padStart(3, '0')}`,
      size: 0,
      change: 'added',
      type: 'symlink',
      linkTarget: `../tool-${index}/bin/cli.js`,
      mode: 0o777,
    }),
  ),
  { path: 'root/.npm/_cacache/index-v5/bundle', size: 9_100_000, change: 'added', mode: 0o600 },
  { path: 'tmp/node-compile-cache', size: 0, change: 'removed' },
  { path: 'etc/passwd', size: 922, change: 'changed' },
];

const COPY_ALL: readonly Seed[] = [
  { path: 'app/dist/server.js', size: 91_000, change: 'changed', uid: 1000 },
  { path: 'app/dist/server.js.map', size: 240_000, change: 'added', uid: 1000 },
  { path: 'app/src/app.ts', size: 8_120, change: 'added', uid: 1000 },
  {
    path: 'app/src/a-name-that-goes-on-for-so-long-that-no-column-of-any-window-could-ever-hold-it.test.ts',
    size: 4_000,
    change: 'added',
  },
  { path: 'app/public/logo.png', size: 61_000, change: 'added' },
  { path: 'app/old-entry.js', size: 0, change: 'removed' },
];

/** The invented files of one layer. */
function filesOf(layer: number): readonly Seed[] {
  if (layer === 7) return NPM_CI;
  if (layer === 8) return COPY_ALL;
  return [
    { path: 'usr/bin/curl', size: 280_000, change: 'added', mode: 0o755 },
    {
      path: 'usr/lib/x86_64-linux-gnu/libcurl.so.4',
      size: 0,
      change: 'added',
      type: 'symlink',
      linkTarget: 'libcurl.so.4.8.0',
    },
    { path: 'usr/lib/x86_64-linux-gnu/libcurl.so.4.8.0', size: 640_000, change: 'added' },
    { path: 'var/lib/dpkg/status', size: 88_000, change: 'changed' },
  ];
}

/** One directory of an invented layer. */
export function fakeFiles(layer: number, path: string, sort: 'name' | 'size'): FileRow[] {
  const prefix = path === '' ? '' : `${path}/`;
  const rows = new Map<string, FileRow>();
  for (const seed of filesOf(layer)) {
    if (!seed.path.startsWith(prefix)) continue;
    const name = seed.path.slice(prefix.length).split('/')[0] ?? '';
    const isLeaf = prefix + name === seed.path;
    const known = rows.get(name);
    if (known !== undefined) rows.set(name, { ...known, size: known.size + seed.size });
    else rows.set(name, rowOf(prefix + name, name, isLeaf ? seed : undefined, seed.size, layer));
  }
  return [...rows.values()].sort((a, b) =>
    sort === 'size' ? b.size - a.size : a.name.localeCompare(b.name),
  );
}

/** The invented files whose path contains the words. */
export function fakeFileSearch(layer: number, query: string): FileRow[] {
  const words = query.toLowerCase().split(/\s+/);
  return filesOf(layer)
    .filter((seed) => words.every((word) => seed.path.toLowerCase().includes(word)))
    .map((seed) => rowOf(seed.path, seed.path.split('/').at(-1) ?? '', seed, seed.size, layer));
}

function rowOf(path: string, name: string, leaf: Seed | undefined, size: number, layer: number): FileRow {
  return {
    name,
    path,
    type: leaf === undefined ? 'directory' : (leaf.type ?? 'file'),
    mode: leaf?.mode ?? (leaf === undefined ? 0o755 : 0o644),
    uid: leaf?.uid ?? 0,
    gid: leaf?.uid ?? 0,
    size,
    mtime: Date.UTC(2026, 10, 20, 11, 58),
    linkTarget: leaf?.linkTarget ?? null,
    change:
      leaf?.change ??
      (path === 'app/node_modules' || path.startsWith('app/node_modules/') ? 'added' : 'changed'),
    layer,
    hasChildren: leaf === undefined,
  };
}
