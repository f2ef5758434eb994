import { ArrowDownToLine, ChevronDown, ChevronUp, WrapText } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../button.tsx';
import { CopyButton } from '../copy-button.tsx';
import { SearchField } from '../search-field.tsx';
import styles from './log.module.css';
import { type LogLine, plainText } from './log-parser.ts';
import { MAX_MATCHES, stepMatch } from './log-search.ts';

interface LogToolbarProps {
  readonly title: ReactNode;
  readonly lines: readonly LogLine[];
  readonly isMain: boolean;
  readonly actions: ReactNode;
  readonly query: string;
  onQuery(query: string): void;
  readonly matches: number;
  readonly current: number | null;
  onGoTo(match: number | null): void;
  readonly wrap: boolean;
  onWrap(wrap: boolean): void;
  /** Goes to the end and follows it again; undefined while it is followed. */
  readonly onEnd: (() => void) | undefined;
}

/** The tools above a log: search with its matches, follow, wrap, copy. */
export function LogToolbar(props: LogToolbarProps) {
  const { query, matches, current, wrap, lines } = props;
  const go = (direction: 1 | -1): void => props.onGoTo(stepMatch(matches, current, direction));
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Log">
      <div className={styles.title}>{props.title}</div>
      {props.onEnd !== undefined && (
        <IconButton small label="Follow the end" onClick={props.onEnd}>
          <ArrowDownToLine aria-hidden />
        </IconButton>
      )}
      <SearchField
        local={!props.isMain}
        className={styles.search}
        label="Search the log"
        value={query}
        onValue={props.onQuery}
        onEnter={(back) => go(back ? -1 : 1)}
      />
      {query !== '' && (
        <>
          <span className={styles.count} role="status">
            {countWords(matches, current)}
          </span>
          <IconButton small label="Previous match" onClick={() => go(-1)}>
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton small label="Next match" onClick={() => go(1)}>
            <ChevronDown aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton
        small
        label={wrap ? 'Do not wrap long lines' : 'Wrap long lines'}
        aria-pressed={wrap}
        className={wrap ? styles.pressed : undefined}
        onClick={() => props.onWrap(!wrap)}
      >
        <WrapText aria-hidden />
      </IconButton>
      <CopyButton label="Copy the log" text={() => plainText(lines)} />
      {props.actions}
    </div>
  );
}

function countWords(matches: number, current: number | null): string {
  if (matches === 0) return 'None';
  const total = matches === MAX_MATCHES ? `${MAX_MATCHES}+` : String(matches);
  return current === null ? total : `${current + 1} of ${total}`;
}
