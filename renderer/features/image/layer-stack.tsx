// biome-ignore-all lint/a11y/useSemanticElements: a list drawn to scale is no select element.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef } from 'react';
import { layerColours } from '#renderer/components/layer-colour.ts';
import { useElementHeight } from '#renderer/components/use-element-height.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { classNames } from '#renderer/styles/class-names.ts';
import type { LayerView } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatNumber } from '#shared/format/count.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import { type LayerBuild, layerBuildWords } from './layer-builds.ts';
import { groupLayers, sumSizes } from './layer-groups.ts';
import styles from './layer-stack.module.css';
import { stackHeights } from './stack-heights.ts';

/** Height of a heading and of the padding around the layers, in pixels. */
const HEADING = 32;
const AROUND = 12;

/** The layers of an image drawn to a compressed scale, newest on top. Arrows walk, the chosen one is shown beside it. */
export function LayerStack(props: {
  readonly layers: readonly LayerView[];
  /** How the last build came by them, by index. */
  readonly builds: ReadonlyMap<number, LayerBuild>;
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
    return stackHeights(sizes, height - AROUND - groups.length * HEADING);
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
    <div className={styles.frame}>
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
                build={props.builds.get(layer.index)}
                height={heights[layer.index] ?? 0}
                colour={colours[layer.index]}
                isChosen={layer.index === chosen}
                onChoose={() => onChoose(layer.index)}
              />
            ))}
          </div>
        ))}
      </div>
      <div className={styles.foot}>
        <span>{formatBytes(sumSizes(layers))} in all</span>
        <span>{props.uniqueSize === null ? '' : `${formatBytes(props.uniqueSize)} only here`}</span>
        <BuildLink build={props.builds.get(chosen)} />
      </div>
    </div>
  );
}

function StackLayer(props: {
  readonly id: string;
  readonly layer: LayerView;
  readonly build: LayerBuild | undefined;
  readonly height: number;
  readonly colour: string | undefined;
  readonly isChosen: boolean;
  onChoose(): void;
}): ReactNode {
  const { layer, build } = props;
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
      title={layerWords(layer, build)}
      onClick={props.onChoose}
    >
      <span className={styles.command}>{shortenCommand(layer.createdBy) || 'unknown step'}</span>
      {wasted > 0 ? (
        <span className={classNames(styles.badge, styles.wasted)}>wastes {formatBytes(wasted)} unpacked</span>
      ) : null}
      {build === undefined ? null : <span className={styles.badge}>{layerBuildWords(build)}</span>}
      <span className={styles.size}>{formatBytes(layer.size)}</span>
    </div>
  );
}

/** Leads from the chosen layer to the line of the Dockerfile that made it, in the build that did. */
function BuildLink({ build }: { readonly build: LayerBuild | undefined }): ReactNode {
  if (build === undefined) return null;
  return (
    <a className={styles.made} href={formatRoute({ screen: 'build', id: build.buildId, line: build.line })}>
      Made by Dockerfile line {build.line} · {layerBuildWords(build)}
    </a>
  );
}

/** Everything about a layer in a few lines. */
function layerWords(layer: LayerView, build: LayerBuild | undefined): string {
  const lines = [shortenCommand(layer.createdBy), `${formatBytes(layer.size)} to transfer`];
  if (layer.unpackedSize !== null) lines.push(`${formatBytes(layer.unpackedSize)} unpacked`);
  if ((layer.wastedBytes ?? 0) > 0)
    lines.push(`of these ${formatBytes(layer.wastedBytes ?? 0)} (unpacked) are hidden by later layers`);
  if (layer.fileCount !== null) lines.push(`${formatNumber(layer.fileCount)} files`);
  if (layer.sharedWith.length > 0) lines.push(`shared with ${layer.sharedWith.join(', ')}`);
  if (build !== undefined) lines.push(`line ${build.line} of the Dockerfile, ${layerBuildWords(build)}`);
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
