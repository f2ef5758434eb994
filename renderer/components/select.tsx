import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import styles from './select.module.css';

/** One choice of a {@link Select}. */
export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** Props of {@link Select}. */
export interface SelectProps<T extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  onValue(value: T): void;
}

/** One of a few choices. */
export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  const id = useId();
  return (
    <div className={styles.field}>
      {props.hideLabel ? null : (
        <span className={styles.label} id={id}>
          {props.label}
        </span>
      )}
      <BaseSelect.Root
        items={props.options}
        value={props.value}
        onValueChange={(value) => (value === null ? undefined : props.onValue(value))}
      >
        <BaseSelect.Trigger
          className={styles.trigger}
          aria-label={props.hideLabel ? props.label : undefined}
          aria-labelledby={props.hideLabel ? undefined : id}
        >
          <BaseSelect.Value />
          <ChevronDown aria-hidden />
        </BaseSelect.Trigger>
        <BaseSelect.Portal>
          <BaseSelect.Positioner className={styles.positioner} alignItemWithTrigger={false} sideOffset={4}>
            <BaseSelect.Popup className={styles.popup}>
              {props.options.map((option) => (
                <BaseSelect.Item key={option.value} value={option.value} className={styles.item}>
                  <BaseSelect.ItemIndicator>
                    <Check aria-hidden />
                  </BaseSelect.ItemIndicator>
                  <BaseSelect.ItemText className={styles.text}>{option.label}</BaseSelect.ItemText>
                </BaseSelect.Item>
              ))}
            </BaseSelect.Popup>
          </BaseSelect.Positioner>
        </BaseSelect.Portal>
      </BaseSelect.Root>
    </div>
  );
}
