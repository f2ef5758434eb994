import { expect, it } from 'vitest';
import { areSettled } from './settled-sources.ts';
import type { SourceNode, SourceTree } from './source-tree.ts';

const node = (path: string, over: Partial<SourceNode> = {}): SourceNode => ({
  ...{ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, mtime: 0 },
  ...over,
});
const nodes = new Map(
  [
    node('d', { type: 'directory' }),
    node('d/f'),
    node('d/link', { type: 'symlink', linkTarget: 'f' }),
    node('d/hard', { linkTarget: 'elsewhere' }),
    node('top'),
    node('l', { type: 'symlink', linkTarget: 'd' }),
  ].map((one) => [one.path, one]),
);
const tree: SourceTree = {
  title: 'a stage',
  get: (path) => nodes.get(path),
  resolve: (path) => path,
  children: () => [],
  identify: async () => undefined,
  read: () => new Uint8Array(),
};

it.each([
  [['/d/f'], true],
  [['top', 'd/../d/f'], true],
  [['/d'], false],
  [['/'], false],
  [['/d/f', '/d'], false],
  [['/d/gone'], false],
  [['/gone/f'], false],
  [['/d/link'], false],
  [['/d/hard'], false],
  [['/l/f'], false],
  [['/d/?'], false],
  [['/top/f'], false],
])('%j is settled by the layers of the stage: %s', (sources, expected) => {
  expect(areSettled(tree, sources)).toBe(expected);
});
