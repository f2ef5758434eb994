// biome-ignore-all lint/a11y/useSemanticElements: a virtual tree is made of positioned boxes, not of table elements.
// biome-ignore-all lint/a11y/useFocusableInteractive: the tree itself has the focus and names its active line.
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { moveActive } from '#renderer/components/table/table-keys.ts';
import { useElementWidth } from '#renderer/components/table/use-element-width.ts';
import { parentPath, type TreeLine } from '#renderer/store/file-tree.ts';
import type { FileRow } from '#shared/contract/images.ts';
import styles from './file-tree.module.css';
import { columnsFor, type TreeColumns, tracksFor } from './tree-columns.ts';
import { FileLine, StandInLine } from './tree-line.tsx';

/** Props of {@link FileTree}. */
export interface FileTreeProps {
  readonly lines: readonly TreeLine[];
  /** Heading of the first column. */
  readonly title: string;
  /** Lines are named by their whole path. */
  readonly isFlat: boolean;
  readonly sort: 'name' | 'size';
  /** Bytes of everything: what shares are drawn of. */
  readonly whole: number;
  onSort(sort: 'name' | 'size'): void;
  onToggle(row: FileRow): void;
  /** A file was pressed, or Enter on it. */
  onShow(row: FileRow): void;
  onLoad(path: string): void;
}

const LINE = 28;
const HEAD = 30;

/** Files as a tree of which only the lines in view are drawn. Arrows walk, open and close; Enter shows a file. */
export function FileTree(props: FileTreeProps): ReactNode {
  const { lines } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const [activeKey, setActiveKey] = useState<string>();
  const active = useMemo(() => lines.findIndex((line) => keyOf(line) === activeKey), [lines, activeKey]);
  // A new function would have all lines measured again at each turn of the wheel.
  const getItemKey = useCallback((index: number) => keyOf(lines[index]), [lines]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    getItemKey,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    overscan: 16,
  });

  const items = virtualizer.getVirtualItems();
  const more = items.map((item) => lines[item.index]).find((line) => line?.kind === 'more');
  const morePath = more?.kind === 'more' ? more.path : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of lines tells that another page is wanted.
  useEffect(() => {
    // The next entries come before whoever scrolls has reached them.
    if (morePath !== undefined) props.onLoad(morePath);
  }, [morePath, lines.length]);

  const moveTo = (index: number): void => {
    const line = lines[index];
    setActiveKey(keyOf(line));
    virtualizer.scrollToIndex(index, { align: 'auto' });
    if (line?.kind === 'more') props.onLoad(line.path);
  };
  const press = (line: TreeLine): void => {
    setActiveKey(keyOf(line));
    if (line.kind !== 'file') props.onLoad(line.path);
    else if (line.row.hasChildren) props.onToggle(line.row);
    else props.onShow(line.row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / LINE) - 2);
    const next = moveActive(event.key, active, lines.length, page) ?? moveSideways(event.key, lines, active);
    const line = lines[active];
    if (next !== undefined) moveTo(next);
    else if (line !== undefined && opensOrCloses(event.key, line)) press(line);
    else return;
    event.preventDefault();
  };

  const columns = columnsFor(width);
  return (
    <div
      ref={scroller}
      role="treegrid"
      tabIndex={0}
      aria-label={props.title}
      aria-rowcount={lines.length}
      aria-activedescendant={active < 0 ? undefined : `${id}-${active}`}
      className={styles.tree}
      style={{ '--tracks': tracksFor(columns) } as CSSProperties}
      onKeyDown={onKeyDown}
      onFocus={() => (active < 0 ? setActiveKey(keyOf(lines[0])) : undefined)}
    >
      <TreeHead title={props.title} sort={props.sort} columns={columns} onSort={props.onSort} />
      <div className={styles.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          const shared = {
            id: `${id}-${item.index}`,
            isSelected: item.index === active,
            style: { transform: `translateY(${item.start - HEAD}px)` },
          };
          if (line.kind !== 'file')
            return <StandInLine key={item.key} {...shared} line={line} onLoad={() => press(line)} />;
          return (
            <FileLine
              key={item.key}
              {...shared}
              row={line.row}
              label={props.isFlat ? line.row.path : line.row.name}
              depth={line.depth}
              isOpen={line.isOpen}
              columns={columns}
              whole={props.whole}
              onPress={() => press(line)}
            />
          );
        })}
      </div>
    </div>
  );
}

function TreeHead(props: {
  readonly title: string;
  readonly sort: 'name' | 'size';
  readonly columns: TreeColumns;
  onSort(sort: 'name' | 'size'): void;
}): ReactNode {
  const button = (sort: 'name' | 'size', words: string): ReactNode => (
    <button
      type="button"
      className={styles.sort}
      aria-pressed={props.sort === sort}
      title={`Sort by ${sort}`}
      onClick={() => props.onSort(sort)}
    >
      {words}
      {props.sort === sort ? (sort === 'name' ? ' ↑' : ' ↓') : ''}
    </button>
  );
  return (
    <div className={styles.head} role="row">
      <div role="columnheader">{button('name', props.title)}</div>
      <div role="columnheader">Change</div>
      <div role="columnheader" className={styles.end}>
        {button('size', 'Size')}
      </div>
      {props.columns.share ? <div role="columnheader">Share</div> : null}
      {props.columns.mode ? <div role="columnheader">Mode</div> : null}
      {props.columns.owner ? <div role="columnheader">Owner</div> : null}
    </div>
  );
}

function keyOf(line: TreeLine | undefined): string {
  if (line === undefined) return '';
  return line.kind === 'file' ? `/${line.row.path}` : `${line.kind}:${line.path}`;
}

/** Right enters an open directory; Left leaves for the directory around, unless the line itself can be closed. */
function moveSideways(key: string, lines: readonly TreeLine[], active: number): number | undefined {
  const line = lines[active];
  if (line === undefined) return undefined;
  if (key === 'ArrowRight') return line.kind === 'file' && line.isOpen ? active + 1 : undefined;
  if (key !== 'ArrowLeft' || (line.kind === 'file' && line.isOpen)) return undefined;
  const around = line.kind === 'file' ? parentPath(line.row.path) : line.path;
  const index = lines.findIndex((other) => other.kind === 'file' && other.row.path === around);
  return index < 0 ? undefined : index;
}

function opensOrCloses(key: string, line: TreeLine): boolean {
  if (key === 'Enter' || key === ' ') return true;
  if (line.kind !== 'file' || !line.row.hasChildren) return false;
  return (key === 'ArrowRight' && !line.isOpen) || (key === 'ArrowLeft' && line.isOpen);
}
