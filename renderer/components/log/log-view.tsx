import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './log.module.css';
import { LogLineView } from './log-line-view.tsx';
import { findMatches, type LogMatch } from './log-search.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { useLogLines } from './use-log-lines.ts';

/** Height of a line in pixels while it is not wrapped; the style sheet says the same. */
const LINE_HEIGHT = 18;
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
  const matches = query === '' ? NO_MATCHES : findMatches(lines, query);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 12,
    initialRect: { width: 800, height: 600 },
  });

  const count = lines.length;
  useEffect(() => {
    if ((isLive || startsAtEnd) && isAtEnd && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' });
  }, [isLive, startsAtEnd, isAtEnd, count, virtual]);

  const goTo = (index: number | null): void => {
    setCurrent(index);
    const match = index === null ? undefined : matches[index];
    if (match === undefined) return;
    setAtEnd(false);
    virtual.scrollToIndex(match.line, { align: 'center' });
  };
  const search = (next: string): void => {
    setQuery(next);
    const found = findMatches(lines, next);
    setCurrent(found.length === 0 ? null : 0);
    const first = found[0];
    if (first !== undefined) virtual.scrollToIndex(first.line, { align: 'center' });
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
                virtual.scrollToIndex(count - 1, { align: 'end' });
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
      >
        {count === 0 ? (
          <div className={styles.empty}>{empty}</div>
        ) : (
          <div className={styles.lines} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index];
              return (
                line !== undefined && (
                  <div
                    key={item.key}
                    ref={virtual.measureElement}
                    data-index={item.index}
                    className={classNames(styles.line, wrap && styles.wrapped)}
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <span className={styles.number} aria-hidden="true">
                      {item.index + 1}
                    </span>
                    <span className={styles.text}>
                      <LogLineView
                        line={line}
                        matches={matchesIn(matches, item.index)}
                        current={current === null ? null : (matches[current] ?? null)}
                      />
                    </span>
                  </div>
                )
              );
            })}
          </div>
        )}
      </div>
    </div>
  );
}

function matchesIn(matches: readonly LogMatch[], line: number): readonly LogMatch[] {
  return matches.length === 0 ? NO_MATCHES : matches.filter((match) => match.line === line);
}
