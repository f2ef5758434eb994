import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { SEARCH_ATTRIBUTE } from '#renderer/commands/focus-search.ts';
import { formatShortcut, isMacPlatform } from '#renderer/commands/shortcuts.ts';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './field.module.css';

/** The search of a screen: `mod+f` and `/` lead to it, Escape empties it. */
export function SearchField(props: {
  readonly label: string;
  readonly value: string;
  onValue(value: string): void;
  readonly className?: string | undefined;
  /** Not the screen's own search: no shortcut leads to it. */
  readonly local?: boolean;
  /** Enter was pressed: `back` with Shift. */
  onEnter?(back: boolean): void;
}): ReactNode {
  const mark = props.local ? {} : { [SEARCH_ATTRIBUTE]: true };
  return (
    <div className={classNames(styles.search, props.className)}>
      <Search aria-hidden />
      <input
        {...mark}
        type="search"
        className={styles.input}
        aria-label={props.label}
        placeholder={props.label}
        spellCheck={false}
        autoComplete="off"
        value={props.value}
        onChange={(event) => props.onValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && props.onEnter !== undefined) {
            event.preventDefault();
            props.onEnter(event.shiftKey);
          }
          if (event.key !== 'Escape' || props.value === '') return;
          event.stopPropagation();
          props.onValue('');
        }}
      />
      {props.local ? null : (
        <span className={styles.key} aria-hidden>
          {formatShortcut('mod+f', isMacPlatform(navigator.platform))}
        </span>
      )}
    </div>
  );
}
