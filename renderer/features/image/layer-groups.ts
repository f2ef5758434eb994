import type { LayerView } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';

/** Layers under one heading, newest first. */
export interface LayerGroup {
  readonly id: 'own' | 'base';
  readonly title: string;
  /** On the right of the heading. */
  readonly note: string;
  readonly layers: readonly LayerView[];
}

/** The layers of an image in the order of the stack: own ones on top, those of the base below, under its name. */
export function groupLayers(
  layers: readonly LayerView[],
  baseName: string | null = null,
): readonly LayerGroup[] {
  const newestFirst = [...layers].reverse();
  const own = newestFirst.filter((layer) => !layer.base);
  const base = newestFirst.filter((layer) => layer.base);
  const groups: LayerGroup[] = [];
  if (own.length > 0)
    groups.push({
      id: 'own',
      title: base.length === 0 ? `Layers · ${own.length}` : `Your layers · ${own.length}`,
      note: ownNote(own),
      layers: own,
    });
  if (base.length > 0)
    groups.push({
      id: 'base',
      title: `${baseName ?? 'Base image'} · ${formatCount(base.length, 'layer')}`,
      note: sharedNote(base),
      layers: base,
    });
  return groups;
}

/** Sum of the compressed sizes in bytes. */
export function sumSizes(layers: readonly LayerView[]): number {
  return layers.reduce((sum, layer) => sum + layer.size, 0);
}

function ownNote(layers: readonly LayerView[]): string {
  const wasted = layers.reduce((sum, layer) => sum + (layer.wastedBytes ?? 0), 0);
  const size = formatBytes(sumSizes(layers));
  return wasted === 0 ? size : `${size}, wastes ${formatBytes(wasted)} unpacked`;
}

/** The images that hold the whole base: what removing this image would not free. */
function sharedNote(layers: readonly LayerView[]): string {
  const [first, ...others] = layers;
  const everywhere = (first?.sharedWith ?? []).filter((name) =>
    others.every((layer) => layer.sharedWith.includes(name)),
  );
  const size = formatBytes(sumSizes(layers));
  return everywhere.length === 0 ? size : `${size}, shared with ${formatCount(everywhere.length, 'image')}`;
}
