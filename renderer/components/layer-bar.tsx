import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import styles from './layer-bar.module.css';
import { layerColours } from './layer-colour.ts';

/** The layers of an image side by side, each as wide as its share; oldest on the left. */
export function LayerBar(props: {
  readonly layers: readonly { readonly size: number; readonly base: boolean }[];
}): ReactNode {
  const { layers } = props;
  const colours = layerColours(layers);
  return (
    <div
      role="img"
      aria-label={barWords(layers)}
      title={barWords(layers)}
      className={classNames(styles.bar, layers.length > 16 && styles.dense)}
    >
      {layers.map((layer, index) =>
        layer.size === 0 ? null : (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its position.
            key={index}
            className={styles.part}
            style={{ flexGrow: layer.size, background: colours[index] }}
          />
        ),
      )}
    </div>
  );
}

function barWords(layers: readonly { readonly size: number; readonly base: boolean }[]): string {
  const sum = (base: boolean): number =>
    layers.reduce((total, layer) => (layer.base === base ? total + layer.size : total), 0);
  return `${formatCount(layers.length, 'layer')}: ${formatBytes(sum(false))} own, ${formatBytes(sum(true))} from the base`;
}
