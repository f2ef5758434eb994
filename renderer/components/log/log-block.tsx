import { memo } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import { BLOCK_LINES } from './block-height.ts';
import styles from './log.module.css';
import { LogLineView } from './log-line-view.tsx';
import type { LogLine } from './log-parser.ts';
import { type LogMatch, matchesIn } from './log-search.ts';

interface LogBlockProps {
  readonly lines: readonly LogLine[];
  /** Which block it is, from 0. */
  readonly index: number;
  readonly wrap: boolean;
  /** Of the whole log, in reading order. */
  readonly matches: readonly LogMatch[];
  readonly current: LogMatch | null;
}

/** A few lines of a log, each with its number. */
export const LogBlock = memo(function LogBlock({ lines, index, wrap, matches, current }: LogBlockProps) {
  const from = index * BLOCK_LINES;
  return lines.slice(from, from + BLOCK_LINES).map((line, at) => (
    <div
      // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its number
      key={at}
      data-line={from + at}
      className={classNames(styles.line, wrap && styles.wrapped)}
    >
      <span className={styles.number} aria-hidden="true">
        {from + at + 1}
      </span>
      <span className={styles.text}>
        <LogLineView line={line} matches={matchesIn(matches, from + at)} current={current} />
      </span>
    </div>
  ));
});
