import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

/** What a list shows while it has nothing: calm words and the way on. */
export function EmptyState(props: {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  const Icon = props.icon;
  return (
    <div className={styles.empty}>
      {Icon === undefined ? null : <Icon aria-hidden />}
      <h2 className={styles.title}>{props.title}</h2>
      <div className={styles.text}>{props.children}</div>
      {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
    </div>
  );
}
