import { describe, expect, it } from 'vitest';
import { parseDiffId } from '#shared/oci/digest.ts';
import type { LayerEntry, LayerIndex } from './layer-index.ts';
import { type StackNode, StackTree } from './stack-tree.ts';

const NAMES = ['a', 'b', 'c'];
const diffId = parseDiffId(`sha256:${'0'.repeat(64)}`);

/** Numbers from 0 up to 1 that are the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function randomLayer(next: () => number): LayerIndex {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const entries: LayerEntry[] = Array.from({ length: 6 }, () => {
    const path = Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(NAMES)).join('/');
    const type = pick(['file', 'file', 'directory', 'directory', 'symlink', 'whiteout', 'opaque'] as const);
    return { path, type, mode: 0o644, uid: 0, gid: 0, size: Math.floor(next() * 9), mtime: 0, offset: 0 };
  });
  return { diffId, tarSize: 0, contentSize: 0, entries, seekPoints: [] };
}

/** All that a tree shows, as text. */
function draw(node: StackNode): string[] {
  const { path, entry, layer, children } = node;
  const self = `${path} ${entry?.type} ${entry?.size} ${layer} ${children === null ? '-' : children.size}`;
  return [self, ...[...(children?.values() ?? [])].flatMap(draw).sort()];
}

function stack(layers: readonly LayerIndex[]): StackTree {
  const tree = new StackTree();
  for (const layer of layers) tree.apply(layer);
  return tree;
}

describe('StackTree.with', () => {
  it('shows what a tree made of all layers shows, and leaves every earlier tree as it was', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const next = random(seed);
      const layers = Array.from({ length: 5 }, () => randomLayer(next));
      const trees: StackTree[] = [];
      for (const layer of layers) trees.push(await (trees.at(-1) ?? new StackTree()).with(layer));
      for (const [at, tree] of trees.entries()) {
        const whole = stack(layers.slice(0, at + 1));
        expect(draw(tree.root), `seed ${seed}, layer ${at}`).toEqual(draw(whole.root));
        expect(tree.layerCount).toBe(at + 1);
      }
    }
  });

  it('lets two trees grow from one without showing each other their files', async () => {
    const base = stack([randomLayer(random(7))]);
    const before = draw(base.root);
    const [left, right] = [randomLayer(random(8)), randomLayer(random(9))];
    const leftTree = await base.with(left);
    const rightTree = await base.with(right);
    expect(draw(leftTree.root)).toEqual(draw(stack([randomLayer(random(7)), left]).root));
    expect(draw(rightTree.root)).toEqual(draw(stack([randomLayer(random(7)), right]).root));
    expect(draw(base.root)).toEqual(before);
  });
});
