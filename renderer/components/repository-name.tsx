import type { ReactNode } from 'react';
import styles from './repository-name.module.css';

/** A beginning of so many letters is not worth a cut of its own. */
const SHORT = 8;
/** Letters that are left of the two parts where there is hardly any room. */
const LEAST_BEGINNING = 7;
const LEAST_END = 4;

/** A repository; where there is no room its beginning is cut, not the last part, by which it is known. */
export function RepositoryName({ name }: { readonly name: string }): ReactNode {
  const last = name.lastIndexOf('/') + 1;
  const slash = last > SHORT ? last : 0;
  const end = Math.min(name.length - slash, LEAST_END);
  return (
    <span
      className={styles.name}
      style={{ minWidth: `${end + (slash > 0 ? LEAST_BEGINNING : 0)}ch` }}
      title={name}
    >
      {slash > 0 && <span className={styles.head}>{name.slice(0, slash)}</span>}
      <span className={styles.tail} style={{ minWidth: `${end}ch` }}>
        {name.slice(slash)}
      </span>
    </span>
  );
}
