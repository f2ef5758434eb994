import type { ReactNode } from 'react';
import styles from './settings.module.css';

/** The id of a section's heading. */
export function sectionId(title: string): string {
  return `settings-${title.toLowerCase().replaceAll(' ', '-')}`;
}

/** One group of settings under a heading. */
export function Section(props: {
  readonly title: string;
  /** On the right of the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const id = sectionId(props.title);
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.heading}>
        <h2 id={id} tabIndex={-1}>
          {props.title}
        </h2>
        {props.actions}
      </div>
      {props.children}
    </section>
  );
}

/** One setting: what it is on the left, its control on the right. */
export function SettingRow(props: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles.setting}>
      <div>
        <div className={styles.name}>{props.title}</div>
        {props.note !== undefined && <div className={styles.note}>{props.note}</div>}
      </div>
      <div className={styles.control}>{props.children}</div>
    </div>
  );
}
