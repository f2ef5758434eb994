import type { ReactNode } from 'react';
import styles from './repository-name.module.css';

/** A beginning of so many letters is not worth a cut of its own. */
const SHORT = 8;

/** A repository; where there is no room its beginning is cut, not the last part, by which it is known. */
export function RepositoryName({ name }: { readonly name: string }): ReactNode {
  const last = name.lastIndexOf('/') + 1;
  const slash = last > SHORT ? last : 0;
  return (
    <span className={styles.name} title={name}>
      {slash > 0 && <span className={styles.head}>{name.slice(0, slash)}</span>}
      <span className={styles.tail}>{name.slice(slash)}</span>
    </span>
  );
}
