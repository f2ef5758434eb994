import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '#shared/oci/config.ts';
import type { LayerEntry, LayerIndex } from '../../image/layer-index.ts';
import { entry, file, layer } from '../../insight/testing/layers.ts';
import { compareBuilds, type VerifiedImage } from './compare-builds.ts';
import { likelyCause } from './likely-causes.ts';

const platform = { os: 'linux', architecture: 'amd64' };

function image(
  layers: LayerIndex[],
  history: HistoryEntry[],
  created = '2026-01-01T00:00:00Z',
): VerifiedImage {
  const diffIds = layers.map(({ diffId }) => diffId);
  const digest = `sha256:${JSON.stringify([diffIds, history, created])}`;
  return { digest, layers, config: { platform, created, config: {}, history, diffIds } };
}

const COPY = { createdBy: 'COPY a /' };
const RUN = { createdBy: 'RUN make' };

function differences(a: LayerEntry[], b: LayerEntry[]) {
  const report = compareBuilds(image([layer(...a)], [RUN]), image([layer(...b)], [RUN]));
  return report.steps.flatMap(({ files }) => files);
}

describe('two builds', () => {
  const same = file('etc/a', 3);

  it('are equal when their digests are, and nothing is told then', () => {
    const one = image([layer(same)], [COPY]);
    expect(compareBuilds(one, one)).toEqual({
      equal: true,
      digests: [one.digest, one.digest],
      steps: [],
      config: [],
      onlyTimes: false,
    });
  });

  it.each<[string, Partial<LayerEntry>, string, string]>([
    ['content', { contentHash: 'b'.repeat(64) }, 'content', 'other content of 3 bytes'],
    ['size', { size: 5, contentHash: 'b'.repeat(64) }, 'content', 'content 3 bytes, then 5'],
    ['mode', { mode: 0o755 }, 'mode', 'mode 644, then 755'],
    ['owner', { uid: 5, gid: 6 }, 'owner', 'owner 0:0, then 5:6'],
    ['time', { mtime: 1_700_000_001 }, 'time', 'time 2023-11-14 22:13:20, then 2023-11-14 22:13:21'],
    ['extended attributes', { xattrs: { 'user.a': 'x' } }, 'attributes', 'attributes none, then user.a=78'],
  ])('that differ in %s of a file say so with both values', (_name, change, kind, detail) => {
    expect(differences([same], [{ ...same, ...change }])).toEqual([
      { path: 'etc/a', kinds: [kind], detail, cause: null },
    ]);
  });

  it('name all that differs of a file, links and types too', () => {
    const link = entry('l', 'symlink', { linkTarget: 'a' });
    expect(differences([link], [{ ...link, linkTarget: 'b', uid: 1 }])[0]?.kinds).toEqual(['owner', 'link']);
    expect(differences([link], [entry('l', 'directory')])[0]?.kinds).toContain('type');
  });

  it('tell files that only one of them has, and removals', () => {
    const found = differences([same, entry('gone', 'whiteout')], [same, file('new', 1)]);
    expect(found.map(({ path, kinds, detail }) => [path, kinds, detail])).toEqual([
      ['gone', ['first'], 'Its removal is in the first build only.'],
      ['new', ['second'], 'It is in the second build only.'],
    ]);
  });

  it('tell another order of the same entries, once', () => {
    const [a, b, c] = [file('a', 1), file('b', 1), file('c', 1)];
    const found = differences([a, b, c], [a, c, b]);
    expect(found.map(({ path, kinds }) => [path, kinds])).toEqual([['b', ['order']]]);
    expect(found[0]?.detail).toContain('/c');
  });

  it('are compared step by step, also when a step made a layer only once', () => {
    const made = layer(file('made', 1));
    const cmd = { createdBy: 'CMD', emptyLayer: true };
    const first = image([layer(same), made], [COPY, RUN, cmd]);
    const second = image([layer(same)], [COPY, { ...RUN, emptyLayer: true }, cmd]);
    expect(compareBuilds(first, second).steps).toMatchObject([
      { createdBy: 'RUN make', diffIds: [made.diffId, null], files: [{ path: 'made', kinds: ['first'] }] },
    ]);
  });

  it('differ only in times when neither content nor settings do', () => {
    const later = { ...same, mtime: same.mtime + 9 };
    const now = '2026-01-01T00:00:09Z';
    const report = compareBuilds(
      image([layer(same)], [{ ...RUN, created: '2026-01-01T00:00:00Z' }]),
      image([layer(later)], [{ ...RUN, created: now }], now),
    );
    expect(report.onlyTimes).toBe(true);
    expect(report.config.map(({ field }) => field)).toEqual(['created', 'created of step 1']);
    const changed = { ...later, mode: 0o600 };
    expect(compareBuilds(image([layer(same)], [RUN]), image([layer(changed)], [RUN])).onlyTimes).toBe(false);
  });
});

it.each([
  ['usr/lib/python3/a.pyc', 'PYTHONDONTWRITEBYTECODE'],
  ['var/log/dpkg.log', 'log'],
  ['usr/share/doc/x.gz', 'gzip -n'],
  ['root/.npm/_cacache/x', '--mount=type=cache'],
])('a known cause is named for %s', (path, words) => {
  expect(likelyCause(path)).toContain(words);
});

it('no cause is made up', () => {
  expect(likelyCause('app/main.js')).toBeNull();
});
