import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { LogView } from '#renderer/components/log/log-view.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import styles from './containers.module.css';

/** The log of one container, followed as long as it is open. */
export function ContainerLog({ container }: { readonly container: ContainerSummary }): ReactNode {
  const store = useAppStore();
  const logs = useApp((state) => state.containerLogs);
  const again = (): void => store.getState().containerLogs.follow(container);
  return (
    <section className={styles.log} aria-label={`Log of ${container.name}`}>
      {logs.error !== null && (
        <div className={styles.failure}>
          <ErrorNotice
            error={logs.error}
            actions={
              <Button small onClick={again}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      <LogView
        key={`${logs.shown}:${logs.generation}`}
        text={logs.text}
        isLive={logs.state === 'following'}
        startsAtEnd
        label={`Log of ${container.name}`}
        empty={logs.state === 'following' ? 'Nothing has been written yet.' : 'It has written nothing.'}
        title={
          <>
            Log of <strong>{container.name}</strong>{' '}
            <span className={text.faint}>· {logs.state === 'following' ? 'following' : 'ended'}</span>
          </>
        }
        actions={
          <IconButton small label="Close the log" onClick={() => store.getState().containerLogs.stop()}>
            <X aria-hidden />
          </IconButton>
        }
      />
    </section>
  );
}
