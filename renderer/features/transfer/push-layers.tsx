import { type ReactNode, useMemo } from 'react';
import { LayerBar } from '#renderer/components/layer-bar.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import type { PushCheck } from '#shared/contract/registries.ts';
import { formatCount } from '#shared/format/count.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import styles from './push-layers.module.css';

/** What a push would send, newest first; the base is one line. */
export function PushLayers({ layers, baseName }: Pick<PushCheck, 'layers' | 'baseName'>): ReactNode {
  const own = useMemo(() => layers.filter((layer) => !layer.base).reverse(), [layers]);
  const base = layers.filter((layer) => layer.base);
  const baseSize = base.reduce((sum, layer) => sum + layer.size, 0);
  return (
    <div className={styles.layers}>
      <LayerBar layers={layers} />
      <ul className={styles.list} aria-label="Layers to push">
        {own.map((layer, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same layer may be in an image twice.
          <li key={index} className={styles.layer}>
            <span className={styles.label} title={shortenCommand(layer.label)}>
              {shortenCommand(layer.label)}
            </span>
            <Bytes value={layer.size} />
          </li>
        ))}
        {base.length === 0 ? null : (
          <li className={styles.layer}>
            <span className={styles.base}>
              {formatCount(base.length, 'layer')} of {baseName ?? 'the base image'}
            </span>
            <Bytes value={baseSize} />
          </li>
        )}
      </ul>
    </div>
  );
}
