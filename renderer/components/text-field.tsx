import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './field.module.css';

/** Props of {@link TextField}. */
export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string;
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean;
  readonly value: string;
  onValue(value: string): void;
  readonly mono?: boolean;
  /** A sentence below. */
  readonly note?: ReactNode;
  /** What is wrong with the value; replaces the note. */
  readonly error?: string | undefined;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A line of text to type, with its label and what is wrong with it. */
export function TextField(props: TextFieldProps): ReactNode {
  const { label, hideLabel, onValue, mono, note, error, className, ...rest } = props;
  const id = useId();
  const below = error ?? note;
  return (
    <div className={classNames(styles.field, className)}>
      {hideLabel ? null : (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      <input
        type="text"
        spellCheck={false}
        autoComplete="off"
        {...rest}
        id={id}
        className={classNames(styles.input, mono && styles.mono)}
        aria-label={hideLabel ? label : undefined}
        aria-invalid={error !== undefined}
        aria-describedby={below ? `${id}-below` : undefined}
        onChange={(event) => onValue(event.target.value)}
      />
      {below ? (
        <div id={`${id}-below`} className={error === undefined ? styles.note : styles.error}>
          {below}
        </div>
      ) : null}
    </div>
  );
}
