import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import styles from './tabs.module.css';

/** One tab with what it shows; `content` is drawn only while it is the chosen one. */
export interface TabEntry<T extends string> {
  readonly id: T;
  readonly title: string;
  /** A number or size beside the title. */
  readonly note?: ReactNode;
  content(): ReactNode;
}

/** Several views of one thing. Fills its parent; each panel scrolls by itself. */
export function Tabs<T extends string>(props: {
  readonly label: string;
  readonly tabs: readonly TabEntry<T>[];
  readonly value: T;
  onValue(value: T): void;
}): ReactNode {
  return (
    <BaseTabs.Root
      className={styles.root}
      value={props.value}
      onValueChange={(value) => props.onValue(value as T)}
    >
      <BaseTabs.List className={styles.list} aria-label={props.label}>
        {props.tabs.map((tab) => (
          <BaseTabs.Tab key={tab.id} value={tab.id} className={styles.tab}>
            {tab.title}
            {tab.note === undefined ? null : <span className={styles.note}>{tab.note}</span>}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {props.tabs.map((tab) => (
        <BaseTabs.Panel key={tab.id} value={tab.id} className={styles.panel}>
          {tab.id === props.value ? tab.content() : null}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
