import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './chip.module.css';

/** How a chip looks: a tag (`name`), a quiet button, a small fact in words, a warning. */
export type ChipTone = 'name' | 'quiet' | 'pill' | 'warn';

const CLASSES: Readonly<Record<ChipTone, string | undefined>> = {
  name: undefined,
  quiet: styles.quiet,
  pill: styles.pill,
  warn: classNames(styles.pill, styles.warn),
};

/** A small rounded word: a tag, or a fact about a row. */
export function Chip(props: {
  readonly tone?: ChipTone;
  readonly title?: string | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span
      className={classNames(styles.chip, CLASSES[props.tone ?? 'name'], props.className)}
      title={props.title}
    >
      <span className={styles.words}>{props.children}</span>
    </span>
  );
}

/** A chip that can be pressed. */
export function ChipButton(
  props: ButtonHTMLAttributes<HTMLButtonElement> & { readonly tone?: ChipTone },
): ReactNode {
  const { tone = 'name', className, children, ...rest } = props;
  return (
    <button type="button" {...rest} className={classNames(styles.chip, CLASSES[tone], className)}>
      <span className={styles.words}>{children}</span>
    </button>
  );
}
