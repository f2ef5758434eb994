import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import styles from './log.module.css';
import { LogBlock } from './log-block.tsx';
import { findMatches, type LogMatch } from './log-search.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { useLogBlocks } from './use-log-blocks.ts';
import { useLogLines } from './use-log-lines.ts';

/** How near to the end counts as being there, in pixels. */
const NEAR_END = 24;
const NO_MATCHES: readonly LogMatch[] = [];

interface LogViewProps {
  /** The raw text from its beginning; it may grow. Give the view a `key` that changes with what is shown. */
  readonly text: string;
  /** More may come: the view follows the end while the reader is there. */
  readonly isLive: boolean;
  /** What it is, for a screen reader: "Log of step 4, RUN npm ci". */
  readonly label: string;
  /** Shown instead of lines while there is none. */
  readonly empty: ReactNode;
  /** Something in front of the tools, such as the name of the step. */
  readonly title?: ReactNode;
  /** Its search is the search of the screen, which the shortcut leads to. */
  readonly isMain?: boolean;
  /** Begins at the end even when nothing more comes. */
  readonly startsAtEnd?: boolean;
  /** Behind the tools, such as a way to close it. */
  readonly actions?: ReactNode;
}

/** A log: coloured, searchable, as long as it likes. */
export function LogView(props: LogViewProps) {
  const { text, isLive, label, empty, title, isMain = false, startsAtEnd = false } = props;
  const lines = useLogLines(text);
  const [wrap, setWrap] = useState(true);
  const [query, setQuery] = useState('');
  const [current, setCurrent] = useState<number | null>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const matches = useMemo(() => (query === '' ? NO_MATCHES : findMatches(lines, query)), [lines, query]);
  const count = lines.length;
  const { virtual, showLine, showStart, showEnd } = useLogBlocks(lines, scroller, wrap);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the ways through the log are made anew each time
  useEffect(() => {
    if ((isLive || startsAtEnd) && isAtEnd && count > 0) showEnd();
  }, [isLive, startsAtEnd, isAtEnd, count]);

  const goTo = (index: number | null): void => {
    setCurrent(index);
    const match = index === null ? undefined : matches[index];
    if (match === undefined) return;
    setAtEnd(false);
    showLine(match.line);
  };
  const search = (next: string): void => {
    setQuery(next);
    const found = findMatches(lines, next);
    setCurrent(found.length === 0 ? null : 0);
    const first = found[0];
    if (first !== undefined) showLine(first.line);
  };
  /** The browser's own way is a slide, which loses its aim while heights are being measured. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Home') showStart();
    else if (event.key === 'End') showEnd();
    else return;
    event.preventDefault();
  };
  const notePlace = (): void => {
    const box = scroller.current;
    if (box !== null) setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END);
  };

  return (
    <div className={styles.view}>
      <LogToolbar
        title={title}
        lines={lines}
        isMain={isMain}
        actions={props.actions}
        query={query}
        onQuery={search}
        matches={matches.length}
        current={current}
        onGoTo={goTo}
        wrap={wrap}
        onWrap={setWrap}
        onEnd={
          isLive && !isAtEnd
            ? () => {
                setAtEnd(true);
                showEnd();
              }
            : undefined
        }
      />
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-label={label}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={notePlace}
        onKeyDown={onKeyDown}
      >
        {count === 0 ? (
          <div className={styles.empty}>{empty}</div>
        ) : (
          <div className={styles.lines} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={styles.block}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogBlock
                  lines={lines}
                  index={item.index}
                  wrap={wrap}
                  matches={matches}
                  current={current === null ? null : (matches[current] ?? null)}
                />
              </div>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
