import { PlugZap } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { EngineStatus } from '#shared/contract/engines.ts';
import styles from './containers.module.css';

/** Nothing here runs containers: calm words, what each engine lacks, and what works all the same. */
export function NoEngine({ engines }: { readonly engines: readonly EngineStatus[] }): ReactNode {
  const store = useAppStore();
  const load = useApp((state) => state.engines.load);
  return (
    <EmptyState
      icon={PlugZap}
      title="No Docker or Podman engine answers"
      actions={
        <>
          <Button onClick={() => void load()}>Look again</Button>
          <Button onClick={() => store.getState().navigation.go({ screen: 'settings' })}>Diagnostics</Button>
        </>
      }
    >
      Containers run in Docker or Podman. Building, browsing, tagging, pulling and pushing images work without
      them.
      {engines.length > 0 && (
        <dl className={styles.engines}>
          {engines.map((engine) => (
            <div key={engine.id}>
              <dt>{engine.name}</dt>
              <dd>
                {engine.detail}
                {engine.hint !== null && <span className={text.faint}> {engine.hint}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </EmptyState>
  );
}
