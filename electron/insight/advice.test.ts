import { describe, expect, it } from 'vitest';
import type { LayerIndex } from '#electron/image/layer-index.ts';
import { findAdvice } from './advice.ts';
import { readContents } from './image-contents.ts';
import { looksLikeSecret } from './known-paths.ts';
import { entry, file, layer } from './testing/layers.ts';
import { findWaste } from './waste.ts';

const MB = 1_000_000;
const advise = async (layers: LayerIndex[], firstOwnLayer = 0) =>
  findAdvice(await readContents(layers), { firstOwnLayer });

describe('findAdvice', () => {
  it.each<[string, LayerIndex[], object]>([
    [
      'lists of apt',
      [layer(file('var/lib/apt/lists/deb', 20 * MB))],
      { title: expect.stringContaining('apt'), bytes: 20 * MB, layer: 0 },
    ],
    [
      'the cache of npm of a user',
      [layer(), layer(file('home/node/.npm/_cacache/x', MB))],
      { title: expect.stringContaining('npm'), layer: 1 },
    ],
    [
      'a Git repository',
      [layer(file('app/.git/objects/aa/bb', 10))],
      { title: expect.stringContaining('Git') },
    ],
    [
      'development packages',
      [layer(file('app/node_modules/typescript/lib/tsc.js', 9 * MB))],
      { title: expect.stringContaining('Development') },
    ],
    ['logs', [layer(file('var/log/install.log', 9 * MB))], { title: expect.stringContaining('Log') }],
    [
      'what is removed later',
      [layer(file('opt/big/a', 2 * MB), file('opt/big/b', 2 * MB)), layer(entry('opt/big', 'whiteout'))],
      { title: '/opt/big is removed later, but still shipped', bytes: 4 * MB, layer: 0 },
    ],
    [
      'a change of owner',
      [layer(file('app/x', 3 * MB)), layer({ ...file('app/x', 3 * MB), uid: 5 })],
      { title: expect.stringContaining('shipped again'), bytes: 3 * MB, layer: 1 },
    ],
    [
      'equal contents',
      [layer(file('a', 6 * MB, 'same'), file('b', 6 * MB, 'same'))],
      { title: expect.stringContaining('same content'), bytes: 6 * MB },
    ],
    [
      'a secret',
      [layer(file('app/.env', 10))],
      { title: 'A file looks like a secret', bytes: null, layer: 0 },
    ],
  ])('tells of %s', async (_, layers, expected) => {
    const found = await advise(layers);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(expected);
  });

  it('finds nothing to say of a clean image', async () => {
    expect(await advise([layer(file('bin/sh', 5 * MB), file('var/log/x', 10))])).toEqual([]);
    expect(await advise([layer(file('etc/a', 5)), layer(file('etc/a', 5))])).toEqual([]);
  });

  it('blames the base image only for what own layers replace', async () => {
    const base = layer(file('var/lib/apt/lists/deb', 20 * MB), file('root/.env', 5), file('bin/old', 8 * MB));
    expect(await advise([base], 1)).toEqual([]);
    expect(await advise([base, layer(file('bin/old', 9 * MB))], 1)).toEqual([
      expect.objectContaining({ title: expect.stringContaining('base image'), bytes: 8 * MB, layer: null }),
    ]);
  });

  it('warns that a removed secret can still be read, before all else', async () => {
    const found = await advise([
      layer(file('app/id_rsa', 400), file('var/lib/apt/lists/deb', 20 * MB)),
      layer(entry('app/id_rsa', 'whiteout')),
    ]);
    expect(found[0]?.detail).toContain('can still read');
    expect(found).toHaveLength(2);
  });

  it('shows no control characters of names', async () => {
    const [secret] = await advise([layer(file('app/\u202e\u001b[2J.pem', 1))]);
    expect(secret?.detail).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });
});

describe('looksLikeSecret', () => {
  it.each([
    '.env',
    'app/.env.production',
    'root/.ssh/id_ed25519',
    'srv/tls/server.key',
    'root/.aws/credentials',
    'root/.docker/config.json',
    'app/.npmrc',
  ])('suspects %s', (path) => {
    expect(looksLikeSecret(path)).toBe(true);
  });
  it.each([
    '.env.example',
    'etc/ssl/certs/ca.pem',
    'usr/lib/python3/site-packages/certifi/cacert.pem',
    'app/node_modules/x/test/key.pem',
    'app/environment.ts',
    'root/.ssh/id_rsa.pub',
    'app/config.json',
  ])('passes %s', (path) => {
    expect(looksLikeSecret(path)).toBe(false);
  });
});

describe('findWaste', () => {
  it('names what was replaced and what was removed, with the number of copies', async () => {
    const layers = [
      layer(file('a', 100), file('d/x', 10), file('d/y', 20), file('keep', 70)),
      layer(file('a', 200, 'new'), entry('d', 'whiteout')),
      layer(file('a', 300, 'newer')),
    ];
    const { waste, wastedByLayer } = await findWaste(await readContents(layers));
    expect(waste).toEqual({
      wastedBytes: 330,
      efficiency: 370 / 700,
      items: [
        { path: 'a', bytes: 300, copies: 3, kind: 'replaced' },
        { path: 'd', bytes: 30, copies: 1, kind: 'removed' },
      ],
    });
    expect(wastedByLayer).toEqual([130, 200, 0]);
  });

  it('keeps to the limit without changing the sums', async () => {
    const layers = [layer(file('a', 1), file('b', 2)), layer(entry('a', 'whiteout'), entry('b', 'whiteout'))];
    const { waste } = await findWaste(await readContents(layers), { limit: 1 });
    expect(waste.items.map(({ path }) => path)).toEqual(['b']);
    expect(waste.wastedBytes).toBe(3);
  });

  it('calls an empty image fully efficient', async () => {
    expect((await findWaste(await readContents([]))).waste.efficiency).toBe(1);
  });
});
