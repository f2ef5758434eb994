// biome-ignore-all lint/a11y/useSemanticElements: radio inputs cannot be drawn as one strip of words with counts.
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import styles from './segmented.module.css';

/** One choice of a {@link Segmented}. */
export interface Segment<T extends string> {
  readonly value: T;
  readonly label: string;
  /** A count beside the word. */
  readonly note?: ReactNode;
}

/** One of a few choices, all in view. One stop of the Tab key; arrows choose. */
export function Segmented<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Segment<T>[];
  onValue(value: T): void;
}): ReactNode {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const count = props.options.length;
    const at = props.options.findIndex((option) => option.value === props.value);
    const next = (at + step + count) % count;
    const option = props.options[next];
    if (option !== undefined) props.onValue(option.value);
    group.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={props.label}
      className={styles.group}
      onKeyDown={onKeyDown}
    >
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === props.value}
          tabIndex={option.value === props.value ? 0 : -1}
          className={styles.choice}
          onClick={() => props.onValue(option.value)}
        >
          {option.label}
          {option.note === undefined ? null : <span className={styles.note}>{option.note}</span>}
        </button>
      ))}
    </div>
  );
}
