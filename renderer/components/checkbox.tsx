import type { ReactNode } from 'react';
import styles from './checkbox.module.css';

/** Props of {@link Checkbox}. */
export interface CheckboxProps {
  readonly label: string;
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean;
  readonly checked: boolean;
  readonly indeterminate?: boolean;
  readonly disabled?: boolean;
  readonly tabIndex?: number;
  onChecked(checked: boolean): void;
}

/** A box to tick: the browser's own, which costs a long table nothing. */
export function Checkbox(props: CheckboxProps): ReactNode {
  const box = (
    <input
      // The property alone tells "in part"; there is no attribute for it.
      ref={(element) => {
        if (element !== null) element.indeterminate = props.indeterminate ?? false;
      }}
      type="checkbox"
      className={styles.box}
      checked={props.checked}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      aria-label={props.hideLabel ? props.label : undefined}
      onChange={(event) => props.onChecked(event.target.checked)}
    />
  );
  if (props.hideLabel) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box inside is the control.
    <label className={styles.line}>
      {box}
      {props.label}
    </label>
  );
}
