import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import type { BuildSummary } from '#shared/contract/builds.ts';
import styles from './build-state.module.css';

const SIGNS: Readonly<Record<BuildSummary['state'], string>> = {
  running: '●',
  done: '✓',
  failed: '✕',
  cancelled: '■',
};

/** How a build stands: a sign and a word. */
export function BuildState({ state }: { readonly state: BuildSummary['state'] }): ReactNode {
  return (
    <span className={classNames(styles.state, styles[state])}>
      <span aria-hidden="true">{SIGNS[state]}</span> {state}
    </span>
  );
}
