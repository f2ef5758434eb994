import type { CSSProperties } from 'react';

/** A layer as far as its colour goes. */
export interface ColouredLayer {
  readonly base: boolean;
}

/**
 * The colours of an image's layers, oldest first: own layers go from rust to sand, base layers through slate, so that
 * neighbours differ and the same layer has the same colour wherever the image is drawn.
 */
export function layerColours(layers: readonly ColouredLayer[]): readonly string[] {
  const own = layers.filter((layer) => !layer.base).length;
  const base = layers.length - own;
  let ownSeen = 0;
  let baseSeen = 0;
  return layers.map((layer) =>
    layer.base
      ? shade(['--layer-base-1', '--layer-base-2', '--layer-base-3'], baseSeen++, base)
      : shade(['--layer-own-1', '--layer-own-2', '--layer-own-3', '--layer-own-4'], ownSeen++, own),
  );
}

/** The background of one layer. */
export function layerStyle(colour: string | undefined): CSSProperties {
  return { background: colour };
}

/** The shade at `position` of `count` along a row of tokens. */
function shade(tokens: readonly string[], position: number, count: number): string {
  const place = count <= 1 ? tokens.length - 1 : (position / (count - 1)) * (tokens.length - 1);
  const from = Math.floor(place);
  const part = Math.round((place - from) * 100);
  if (part === 0) return `var(${tokens[from]})`;
  return `color-mix(in oklab, var(${tokens[from + 1]}) ${part}%, var(${tokens[from]}))`;
}
