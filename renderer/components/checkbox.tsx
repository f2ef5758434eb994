import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
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

/** A box to tick. */
export function Checkbox(props: CheckboxProps): ReactNode {
  const box = (
    <BaseCheckbox.Root
      className={styles.box}
      checked={props.checked}
      indeterminate={props.indeterminate ?? false}
      disabled={props.disabled ?? false}
      tabIndex={props.tabIndex}
      aria-label={props.hideLabel ? props.label : undefined}
      onCheckedChange={(checked) => props.onChecked(checked)}
    >
      <BaseCheckbox.Indicator>{props.indeterminate ? <Minus /> : <Check />}</BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
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
