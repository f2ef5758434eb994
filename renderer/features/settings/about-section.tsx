import type { ReactNode } from 'react';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import { Section } from './section.tsx';
import styles from './settings.module.css';

const HOSTS = { desktop: 'as a desktop window', web: 'in a browser' } as const;

/** Which Strata this is and where it keeps its things. */
export function AboutSection(): ReactNode {
  const info = useApp((state) => valueOr(state.host.info, null));
  if (info === null) return null;
  return (
    <Section title="About">
      <dl className={styles.about}>
        <dt>Strata</dt>
        <dd>
          {info.version}, {HOSTS[info.host]} on {info.os}
        </dd>
        <dt>Data</dt>
        <dd>
          <code>{info.dataPath}</code>
          <CopyButton label="Copy the path" text={info.dataPath} />
        </dd>
        <dt>Licence</dt>
        <dd>Apache-2.0. No account, no telemetry.</dd>
      </dl>
    </Section>
  );
}
