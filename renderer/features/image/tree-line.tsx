// biome-ignore-all lint/a11y/useSemanticElements: a virtual tree is made of positioned boxes, not of table elements.
// biome-ignore-all lint/a11y/useFocusableInteractive: the tree itself has the focus and names its active line.
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the tree has the keys for its lines.
import { ChevronRight, CornerDownRight, File, Folder } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { ShareBar } from '#renderer/components/progress-bar.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import type { TreeLine } from '#renderer/store/file-tree.ts';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { FileRow } from '#shared/contract/images.ts';
import { formatNumber } from '#shared/format/count.ts';
import styles from './file-tree.module.css';
import { changeWords, formatMode } from './file-words.ts';
import type { TreeColumns } from './tree-columns.ts';

const TONES = { added: text.ok, changed: text.info, removed: text.bad, none: text.faint } as const;

/** Props of {@link FileLine}. */
export interface FileLineProps {
  readonly id: string;
  readonly row: FileRow;
  /** Name in the tree, whole path in search results. */
  readonly label: string;
  readonly depth: number;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly columns: TreeColumns;
  /** Size of the whole that its share is drawn of. */
  readonly whole: number;
  readonly style: CSSProperties;
  onPress(): void;
}

/** One file or directory. */
export function FileLine(props: FileLineProps): ReactNode {
  const { row, columns } = props;
  const change = changeWords(row.change);
  return (
    <div
      id={props.id}
      role="row"
      aria-level={props.depth + 1}
      aria-expanded={row.hasChildren ? props.isOpen : undefined}
      aria-selected={props.isSelected}
      className={classNames(styles.line, props.isSelected && styles.selected)}
      style={props.style}
      onClick={props.onPress}
    >
      <div
        role="gridcell"
        className={styles.name}
        style={{ paddingLeft: indent(props.depth) }}
        title={row.path}
      >
        <span className={styles.twist} data-open={props.isOpen || undefined} aria-hidden>
          {row.hasChildren ? <ChevronRight /> : null}
        </span>
        <TypeIcon type={row.type} />
        <span
          className={classNames(
            styles.words,
            props.label === row.path && styles.fromEnd,
            row.change === 'removed' && styles.gone,
          )}
        >
          <bdi>
            {props.label}
            {row.linkTarget === null ? null : <span className={styles.link}> → {row.linkTarget}</span>}
          </bdi>
        </span>
      </div>
      <div role="gridcell" className={classNames(styles.change, TONES[row.change])}>
        {change === null ? '' : `${change.sign} ${change.word}`}
      </div>
      <div role="gridcell" className={styles.end}>
        {row.change === 'removed' && row.size === 0 ? null : <Bytes value={row.size} />}
      </div>
      {columns.share ? (
        <div role="gridcell">
          <ShareBar value={props.whole === 0 ? 0 : row.size / props.whole} />
        </div>
      ) : null}
      {columns.mode ? (
        <div role="gridcell" className={classNames(text.mono, text.faint)}>
          {formatMode(row.type, row.mode)}
        </div>
      ) : null}
      {columns.owner ? (
        <div role="gridcell" className={classNames(text.mono, text.faint, text.ellipsis)}>
          {row.uid}:{row.gid}
        </div>
      ) : null}
    </div>
  );
}

/** How far a line stands in. What lies very deep still has room for its name. */
function indent(depth: number): string {
  return `min(${depth * 16}px, calc(100% - 116px))`;
}

function TypeIcon({ type }: { readonly type: FileRow['type'] }): ReactNode {
  if (type === 'directory') return <Folder aria-label="directory" />;
  return type === 'symlink' ? <CornerDownRight aria-label="link" /> : <File aria-label="file" />;
}

/** A line that stands for entries that are not here: more of them, on their way, or refused. */
export function StandInLine(props: {
  readonly id: string;
  readonly line: Exclude<TreeLine, { kind: 'file' }>;
  readonly isSelected: boolean;
  readonly style: CSSProperties;
  onLoad(): void;
}): ReactNode {
  const { line } = props;
  return (
    <div
      id={props.id}
      role="row"
      aria-level={line.depth + 1}
      aria-selected={props.isSelected}
      className={classNames(styles.line, props.isSelected && styles.selected)}
      style={props.style}
    >
      <div
        role="gridcell"
        className={styles.more}
        style={{ paddingLeft: `calc(${indent(line.depth)} + 21px)` }}
      >
        {line.kind === 'loading' ? 'Reading…' : null}
        {line.kind === 'more' ? (
          <Button tone="link" tabIndex={-1} onClick={props.onLoad}>
            {formatNumber(line.left)} more
          </Button>
        ) : null}
        {line.kind === 'failed' ? (
          <>
            <span className={classNames(text.bad, styles.words)} title={line.error.message}>
              {line.error.message}
            </span>
            <Button tone="link" tabIndex={-1} onClick={props.onLoad}>
              Try again
            </Button>
          </>
        ) : null}
      </div>
    </div>
  );
}
