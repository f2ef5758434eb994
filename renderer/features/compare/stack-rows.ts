import type { ImageComparison, ImageDetail, LayerView } from '#shared/contract/images.ts';
import { formatCount } from '#shared/format/count.ts';

/** Two layers side by side, or the base that both share in one piece. Sizes are compressed bytes. */
export interface StackRow {
  readonly id: string;
  readonly link: 'same' | 'changed' | 'added' | 'removed';
  readonly before: StackBox | null;
  readonly after: StackBox | null;
}

/** One box of a stack. */
export interface StackBox {
  readonly title: string;
  readonly size: number;
  readonly base: boolean;
  /** Position of the layer whose colour it has. */
  readonly layer: number;
}

/** The rows of the two stacks, newest first; two or more base layers that both have are one row at the bottom. */
export function stackRows({ before, after, layers }: ImageComparison): readonly StackRow[] {
  const shared = layers.findIndex(
    (pair) =>
      !pair.same || !isBase(before.layers[pair.before ?? -1]) || !isBase(after.layers[pair.after ?? -1]),
  );
  const base = layers.slice(0, shared < 0 ? layers.length : shared);
  const own = base.length < 2 ? layers : layers.slice(base.length);
  const rows: StackRow[] = own.map((pair) => {
    const was = pair.before === null ? undefined : before.layers[pair.before];
    const is = pair.after === null ? undefined : after.layers[pair.after];
    const link = pair.same ? 'same' : was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    const drawn = boxOf(was);
    // One image may know its base and the other not: the same layer looks the same on both sides.
    const alike = pair.same && drawn !== null && is !== undefined ? { ...drawn, base: is.base } : drawn;
    return { id: `${pair.before} ${pair.after}`, link, before: alike, after: boxOf(is) };
  });
  if (base.length >= 2)
    rows.unshift({
      id: 'base',
      link: 'same',
      before: baseBox(before, base.length),
      after: baseBox(after, base.length),
    });
  return rows.reverse();
}

function isBase(layer: LayerView | undefined): boolean {
  return layer?.base ?? false;
}

function boxOf(layer: LayerView | undefined): StackBox | null {
  if (layer === undefined) return null;
  return { title: layer.createdBy, size: layer.size, base: layer.base, layer: layer.index };
}

function baseBox(image: ImageDetail, count: number): StackBox {
  const layers = image.layers.slice(0, count);
  return {
    title: `${image.base?.name ?? 'Base image'} · ${formatCount(count, 'layer')}`,
    size: layers.reduce((sum, layer) => sum + layer.size, 0),
    base: true,
    layer: Math.floor(count / 2),
  };
}
