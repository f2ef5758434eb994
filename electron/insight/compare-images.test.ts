import { describe, expect, it } from 'vitest';
import type { LayerIndex } from '#electron/image/layer-index.ts';
import type { RuntimeConfig } from '#shared/oci/config.ts';
import { type ComparedImage, compareImages } from './compare-images.ts';
import { entry, file, layer } from './testing/layers.ts';

function image(layers: LayerIndex[], config: RuntimeConfig = {}): ComparedImage {
  const platform = { os: 'linux', architecture: 'amd64' };
  return { layers, config: { platform, config, history: [], diffIds: layers.map(({ diffId }) => diffId) } };
}

describe('compareImages', () => {
  const base = layer(entry('etc', 'directory'), file('etc/a', 10), file('etc/b', 20));

  it('finds an image equal to itself', async () => {
    const one = image([base], { env: ['PATH=/bin'], labels: { a: 'b' } });
    expect(await compareImages(one, one)).toEqual({ files: [], config: [] });
  });

  it('compares files by content and attributes, not by layer or time', async () => {
    const after = layer(
      entry('etc', 'directory', { mtime: 1 }),
      { ...file('etc/a', 10), mtime: 5 },
      file('etc/b', 25),
      { ...file('etc/c', 3), mode: 0o755 },
    );
    const { files } = await compareImages(
      image([base, layer(file('etc/c', 3), file('gone', 4))]),
      image([after]),
    );
    const plain = { isDirectory: false, sameContent: false };
    expect(files).toEqual([
      { ...plain, path: 'etc/b', change: 'changed', before: 20, after: 25 },
      { ...plain, path: 'etc/c', change: 'changed', sameContent: true, before: 3, after: 3 },
      { ...plain, path: 'gone', change: 'removed', before: 4, after: null },
    ]);
    const { files: added } = await compareImages(image([]), image([layer(file('n', 6))]));
    expect(added).toEqual([{ ...plain, path: 'n', change: 'added', before: null, after: 6 }]);
  });

  it('names each config field that differs', async () => {
    const before = { env: ['A=1', 'B=2'], cmd: ['x'], labels: { v: '1' }, exposedPorts: ['80/tcp'] };
    const after = { env: ['B=2', 'A=3'], cmd: ['x', 'y'], labels: {}, user: 'app' };
    const { config } = await compareImages(image([], before), image([], after));
    expect(new Map(config.map((item) => [item.field, [item.before, item.after]]))).toEqual(
      new Map([
        ['env A', ['1', '3']],
        ['cmd', ['["x"]', '["x","y"]']],
        ['label v', ['1', null]],
        ['port 80/tcp', ['exposed', null]],
        ['user', [null, 'app']],
      ]),
    );
  });
});
