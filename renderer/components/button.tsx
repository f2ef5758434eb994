import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './button.module.css';
import { Hint } from './hint.tsx';
import { useOff } from './use-off.ts';

/** How much weight a button has. One `primary` per view. */
export type ButtonTone = 'normal' | 'primary' | 'danger' | 'quiet' | 'link';

/** Props of {@link Button}. */
export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: ButtonTone;
  readonly small?: boolean;
  readonly icon?: ReactNode;
  /** Why it cannot be pressed now: disables it, keeps it reachable by keyboard, and is told as its hint. */
  readonly unavailable?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with words. */
export function Button(props: ButtonProps): ReactNode {
  const { tone = 'normal', small, icon, unavailable, className, children, ...rest } = props;
  const off = useOff(props);
  const button = (
    <button
      type="button"
      {...rest}
      {...off}
      className={classNames(
        styles.button,
        tone !== 'normal' && styles[tone],
        small && styles.small,
        className,
      )}
      data-primary={tone === 'primary' || undefined}
    >
      {icon}
      {children}
    </button>
  );
  return unavailable === undefined ? button : <Hint text={unavailable}>{button}</Hint>;
}

/** Props of {@link IconButton}. */
export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children'> {
  /** What it does: its name for screen readers and its hint. */
  readonly label: string;
  /** In the row of a long table: the browser shows the hint, which costs nothing until it does. */
  readonly inRow?: boolean;
  readonly children: ReactNode;
}

/** A button that is only a sign, with its name as a hint. */
export function IconButton(props: IconButtonProps): ReactNode {
  const { tone = 'quiet', small, label, inRow, unavailable, className, ...rest } = props;
  const off = useOff(props);
  const hint = unavailable ?? label;
  const button = (
    <button
      type="button"
      {...rest}
      {...off}
      title={inRow ? hint : undefined}
      aria-label={label}
      className={classNames(
        styles.button,
        styles.icon,
        tone !== 'normal' && styles[tone],
        small && styles.small,
        className,
      )}
    />
  );
  return inRow ? button : <Hint text={hint}>{button}</Hint>;
}
