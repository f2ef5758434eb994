import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import { RepositoryName } from './repository-name.tsx';
import styles from './tagged-name.module.css';

/** A reference in its two parts; where there is no room the repository is cut, not the tag. */
export function TaggedName(props: {
  readonly repository: string;
  readonly tag: string;
  readonly className?: string | undefined;
}): ReactNode {
  const { repository, tag } = props;
  return (
    <span
      className={classNames(styles.name, props.className)}
      title={tag === '' ? repository : `${repository}:${tag}`}
    >
      <RepositoryName name={repository} />
      {tag !== '' && <span className={styles.tag}>:{tag}</span>}
    </span>
  );
}
