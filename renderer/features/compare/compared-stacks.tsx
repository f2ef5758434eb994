import { type ReactNode, useMemo, useRef } from 'react';
import { layerColours } from '#renderer/components/layer-colour.ts';
import { useElementHeight } from '#renderer/components/use-element-height.ts';
import { stackHeights } from '#renderer/features/image/stack-heights.ts';
import { classNames } from '#renderer/styles/class-names.ts';
import type { ImageComparison } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import styles from './compare.module.css';
import { type StackBox, type StackRow, stackRows } from './stack-rows.ts';

/** Padding above and below the rows, in pixels. */
const AROUND = 30;

/** The layers of both images side by side to one scale, newest on top, with what became of each between them. */
export function ComparedStacks({ comparison }: { readonly comparison: ImageComparison }): ReactNode {
  const rows = useMemo(() => stackRows(comparison), [comparison]);
  const before = useMemo(() => layerColours(comparison.before.layers), [comparison]);
  const after = useMemo(() => layerColours(comparison.after.layers), [comparison]);
  const pane = useRef<HTMLElement>(null);
  const height = useElementHeight(pane);
  const heights = useMemo(() => {
    const sizes = rows.flatMap((row) => [row.before?.size ?? 0, row.after?.size ?? 0]);
    // One scale for both sides, so that they can be compared: as if they stood on each other.
    return stackHeights(sizes, (height - AROUND) * 2);
  }, [rows, height]);
  return (
    <section ref={pane} className={styles.stacks} aria-label="Layers side by side, newest first">
      <ul>
        {rows.map((row, at) => (
          <li key={row.id} className={styles.row}>
            <Box
              box={row.before}
              // The same layer has the same colour on both sides.
              colour={row.link === 'same' ? after[row.after?.layer ?? 0] : before[row.before?.layer ?? 0]}
              height={heights[at * 2] ?? 0}
            />
            <span className={classNames(styles.link, styles[row.link])}>{linkWords(row)}</span>
            <Box box={row.after} colour={after[row.after?.layer ?? 0]} height={heights[at * 2 + 1] ?? 0} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Box(props: {
  readonly box: StackBox | null;
  readonly colour: string | undefined;
  readonly height: number;
}): ReactNode {
  const { box } = props;
  if (box === null) return <span className={styles.none} />;
  const title = shortenCommand(box.title) || 'unknown step';
  return (
    <span
      className={classNames(styles.box, box.base && styles.base)}
      style={{ height: props.height, background: props.colour }}
      title={`${title}\n${formatBytes(box.size)} to transfer`}
    >
      <span className={styles.command}>{title}</span>
      <span className={styles.size}>{formatBytes(box.size)}</span>
    </span>
  );
}

function linkWords({ link }: StackRow): string {
  return { same: 'same', changed: 'changed', added: '+ added', removed: '− removed' }[link];
}
