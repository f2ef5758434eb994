// biome-ignore-all lint/a11y/useSemanticElements: a list drawn to scale is no select element.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef } from 'react';
import { layerColours } from '#renderer/components/layer-colour.ts';
import { useElementHeight } from '#renderer/components/use-element-height.ts';
import { classNames } from '#renderer/styles/class-names.ts';
import type { LayerView } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatNumber } from '#shared/format/count.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import { groupLayers, sumSizes } from './layer-groups.ts';
import styles from './layer-stack.module.css';
import { stackHeights } from './stack-heights.ts';

/** Height of the headings, the padding and the foot around the layers, in pixels. */
const HEADING = 32;
const AROUND = 24;

/** The layers of an image drawn to a compressed scale, newest on top. Arrows walk, the chosen one is shown beside it. */
export function LayerStack(props: {
  readonly layers: readonly LayerView[];
  readonly uniqueSize: number | null;
  /** What the image was built on, null where that is not known. */
  readonly baseName: string | null;
  readonly chosen: number;
  onChoose(layer: number): void;
}): ReactNode {
  const { layers, chosen, onChoose } = props;
  const id = useId();
  const pane = useRef<HTMLDivElement>(null);
  const height = useElementHeight(pane);
  const groups = useMemo(() => groupLayers(layers, props.baseName), [layers, props.baseName]);
  const colours = useMemo(() => layerColours(layers), [layers]);
  const heights = useMemo(() => {
    const sizes = layers.map((layer) => layer.size);
    return stackHeights(sizes, height - AROUND - (groups.length + 1) * HEADING);
  }, [layers, groups, height]);

  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextLayer(event.key, chosen, layers.length);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next);
  };
  return (
    <div
      ref={pane}
      className={styles.stack}
      role="listbox"
      tabIndex={0}
      aria-label="Layers, newest first"
      aria-activedescendant={`${id}-${chosen}`}
      onKeyDown={onKeyDown}
    >
      {groups.map((group) => (
        <div key={group.id} role="group" aria-label={`${group.title}, ${group.note}`}>
          <div className={styles.heading} aria-hidden>
            <span title={group.title}>{group.title}</span>
            <span>{group.note}</span>
          </div>
          {group.layers.map((layer) => (
            <StackLayer
              key={layer.index}
              id={`${id}-${layer.index}`}
              layer={layer}
              height={heights[layer.index] ?? 0}
              colour={colours[layer.index]}
              isChosen={layer.index === chosen}
              onChoose={() => onChoose(layer.index)}
            />
          ))}
        </div>
      ))}
      <div className={styles.heading}>
        <span>{formatBytes(sumSizes(layers))} in all</span>
        <span>{props.uniqueSize === null ? '' : `${formatBytes(props.uniqueSize)} only here`}</span>
      </div>
    </div>
  );
}

function StackLayer(props: {
  readonly id: string;
  readonly layer: LayerView;
  readonly height: number;
  readonly colour: string | undefined;
  readonly isChosen: boolean;
  onChoose(): void;
}): ReactNode {
  const { layer } = props;
  const wasted = layer.wastedBytes ?? 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the stack has the keys for its layers.
    // biome-ignore lint/a11y/useFocusableInteractive: the stack has the focus and names the chosen layer.
    <div
      id={props.id}
      role="option"
      aria-selected={props.isChosen}
      className={classNames(styles.layer, layer.base && styles.base)}
      style={{ height: props.height, background: props.colour }}
      title={layerWords(layer)}
      onClick={props.onChoose}
    >
      <span className={styles.command}>{shortenCommand(layer.createdBy) || 'unknown step'}</span>
      {wasted > 0 ? <span className={styles.badge}>{formatBytes(wasted)} wasted</span> : null}
      <span className={styles.size}>{formatBytes(layer.size)}</span>
    </div>
  );
}

/** Everything about a layer in a few lines. */
function layerWords(layer: LayerView): string {
  const lines = [shortenCommand(layer.createdBy), `${formatBytes(layer.size)} to transfer`];
  if (layer.unpackedSize !== null) lines.push(`${formatBytes(layer.unpackedSize)} unpacked`);
  if (layer.fileCount !== null) lines.push(`${formatNumber(layer.fileCount)} files`);
  if (layer.sharedWith.length > 0) lines.push(`shared with ${layer.sharedWith.join(', ')}`);
  lines.push(layer.digest);
  return lines.join('\n');
}

/** Up is newer. Undefined for keys that mean nothing here. */
function nextLayer(key: string, chosen: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: chosen + 1,
    ArrowDown: chosen - 1,
    PageUp: chosen + 10,
    PageDown: chosen - 10,
    Home: count - 1,
    End: 0,
  };
  const next = steps[key];
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next));
}
