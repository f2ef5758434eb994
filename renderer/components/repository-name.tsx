import type { ReactNode } from 'react';
import styles from './repository-name.module.css';

/** A repository; where there is no room its beginning is cut, not the last part, by which it is known. */
export function RepositoryName({ name }: { readonly name: string }): ReactNode {
  const slash = name.lastIndexOf('/') + 1;
  return (
    <span className={styles.name} title={name}>
      {slash > 0 && <span className={styles.head}>{name.slice(0, slash)}</span>}
      <span className={styles.tail}>{name.slice(slash)}</span>
    </span>
  );
}
