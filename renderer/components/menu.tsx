import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './menu.module.css';

/** One line of a menu, or a thin line between groups. */
export type MenuItem =
  | 'separator'
  | {
      readonly label: string;
      readonly icon?: ReactNode;
      /** On the right: a shortcut or a state. */
      readonly note?: string | undefined;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      run(): void;
    };

/** A button (`children`) that opens a list of things to do. */
export function Menu(props: {
  readonly items: readonly MenuItem[];
  readonly side?: 'top' | 'bottom' | 'right';
  readonly align?: 'start' | 'end';
  /** It is drawn because it was asked for, and opens at once. */
  readonly startsOpen?: boolean;
  readonly children: ReactElement<Record<string, unknown>>;
}): ReactNode {
  return (
    <BaseMenu.Root defaultOpen={props.startsOpen ?? false}>
      <BaseMenu.Trigger render={props.children} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner
          className={styles.positioner}
          side={props.side ?? 'bottom'}
          align={props.align ?? 'start'}
          sideOffset={4}
        >
          <BaseMenu.Popup className={styles.popup}>
            {props.items.map((item, index) =>
              item === 'separator' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: separators have no other identity.
                <BaseMenu.Separator key={index} className={styles.separator} />
              ) : (
                <BaseMenu.Item
                  key={item.label}
                  className={classNames(styles.item, item.danger && styles.danger)}
                  disabled={item.disabled ?? false}
                  onClick={() => item.run()}
                >
                  {item.icon}
                  {item.label}
                  {item.note === undefined ? null : <span className={styles.note}>{item.note}</span>}
                </BaseMenu.Item>
              ),
            )}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
