import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './progress-bar.module.css';

/** How far work is. `value` from 0 to 1, null while it cannot be known. */
export function ProgressBar(props: {
  readonly label: string;
  readonly value: number | null;
  readonly tone?: 'normal' | 'ok' | 'bad';
  readonly className?: string | undefined;
}): ReactNode {
  const { value, tone = 'normal' } = props;
  const share = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10;
  return (
    <span
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      className={classNames(styles.bar, props.className)}
    >
      <span
        className={classNames(
          styles.fill,
          tone !== 'normal' && styles[tone],
          share === undefined && styles.moving,
        )}
        style={share === undefined ? undefined : { width: `${share}%` }}
      />
    </span>
  );
}

/** A share of a whole as a thin bar: a picture only, the number stands beside it. */
export function ShareBar(props: {
  readonly value: number;
  readonly tone?: 'normal' | 'bad';
  readonly className?: string | undefined;
}): ReactNode {
  const width = `${Math.min(100, Math.max(0, props.value * 100))}%`;
  return (
    <span className={classNames(styles.bar, props.className)} aria-hidden>
      <span className={classNames(styles.fill, props.tone === 'bad' && styles.bad)} style={{ width }} />
    </span>
  );
}
