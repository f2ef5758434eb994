import type { ImageDetail, LayerView } from '#shared/contract/images.ts';

/** Bytes that are read without asking: a listing then feels like one of an image that is here. */
const SMALL = 1024 * 1024;

/**
 * Layers that must be fetched from their registry before their files can be listed, and that are too large to do so
 * unasked; empty where they are small, were read before or are here. A layer is listed by itself, the stack with all
 * layers below.
 */
export function mustBeRead(
  detail: ImageDetail,
  layer: number,
  view: 'layer' | 'stack',
): readonly LayerView[] {
  const unread = unreadLayers(detail).filter(({ index }) =>
    view === 'layer' ? index === layer : index <= layer,
  );
  return isSmall(unread) ? [] : unread;
}

/** Whether layers are read without asking. */
export function isSmall(layers: readonly LayerView[]): boolean {
  return sumSizes(layers) <= SMALL;
}

/** Layers of an image at a registry whose files nobody has read yet. */
export function unreadLayers({ remote, layers }: ImageDetail): readonly LayerView[] {
  return remote === undefined ? [] : layers.filter((layer) => layer.unpackedSize === null);
}

/** Whether what is in all of the layers together is not known yet. */
export function hasUnreadLayers(detail: ImageDetail): boolean {
  return unreadLayers(detail).length > 0;
}

/** Compressed bytes of layers; one that is in an image twice is fetched once. */
export function sumSizes(layers: readonly LayerView[]): number {
  const sizes = new Map(layers.map(({ digest, size }) => [digest, size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
