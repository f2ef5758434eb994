import { HardDrive } from 'lucide-react';
import type { ReactNode } from 'react';
import { cleanUp, cleanUpWholeCache } from '#renderer/commands/clean-up.ts';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ProgressBar } from '#renderer/components/progress-bar.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { Operation } from '#shared/contract/operations.ts';
import type { StorageUsage } from '#shared/contract/settings.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatNumber } from '#shared/format/count.ts';
import { PartsBar, partColour } from './parts-bar.tsx';
import styles from './storage.module.css';

/** What uses the disk, and exactly what a clean-up would remove. */
export function StorageScreen(): ReactNode {
  const usage = useApp((state) => state.storage.usage);
  const load = useApp((state) => state.storage.load);
  const pruning = useApp((state) => state.operations.byId[state.storage.pruning ?? '']?.operation);
  const isPruning = pruning?.state === 'running';
  return (
    <Screen
      title={
        <>
          <h1>Storage</h1>
          {usage.status === 'ready' && (
            <span className={text.dim}>{formatBytes(usage.value.totalBytes)} on disk</span>
          )}
        </>
      }
      actions={
        usage.status === 'ready' && (
          <>
            <CommandButton
              command={cleanUpWholeCache}
              unavailable={isPruning ? 'It is being cleaned up.' : undefined}
            >
              Empty the cache…
            </CommandButton>
            <CommandButton
              command={cleanUp}
              tone="primary"
              unavailable={
                isPruning
                  ? 'It is being cleaned up.'
                  : isNothing(usage.value)
                    ? 'There is nothing to clean up.'
                    : undefined
              }
            >
              Clean up…
            </CommandButton>
          </>
        )
      }
    >
      <RemoteView remote={usage} what="storage" onRetry={() => void load()}>
        {(value) =>
          value.totalBytes === 0 ? (
            <EmptyState icon={HardDrive} title="Nothing is stored yet">
              Images, the build cache and build records will be in <code>{value.path}</code>.
            </EmptyState>
          ) : (
            <div className={styles.page}>
              {isPruning && <Pruning operation={pruning} />}
              <Usage usage={value} />
              <Reclaimable usage={value} />
            </div>
          )
        }
      </RemoteView>
    </Screen>
  );
}

function isNothing(usage: StorageUsage): boolean {
  return usage.reclaimable.items.length === 0;
}

function Pruning({ operation }: { readonly operation: Operation }): ReactNode {
  const { progress } = operation;
  const value = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <div className={styles.pruning} role="status">
      <span>Cleaning up…</span>
      <ProgressBar label="Clean-up" value={value} className={styles.progress} />
    </div>
  );
}

function Usage({ usage }: { readonly usage: StorageUsage }): ReactNode {
  return (
    <section aria-label="What uses the disk">
      <PartsBar usage={usage} />
      <table className={styles.parts}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Number</th>
            <th scope="col">Size</th>
            <th scope="col">Of all</th>
          </tr>
        </thead>
        <tbody>
          {usage.parts.map((part, index) => (
            <tr key={part.id}>
              <td>
                <span
                  className={styles.swatch}
                  style={{ background: partColour(index) }}
                  aria-hidden="true"
                />
                {part.title}
                <div className={styles.detail}>{part.detail}</div>
              </td>
              <td className={text.number}>{formatNumber(part.count)}</td>
              <td>
                <Bytes value={part.bytes} />
              </td>
              <td className={text.number}>{shareWords(part.bytes / usage.totalBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.path}>
        in <code>{usage.path}</code>
      </p>
    </section>
  );
}

function shareWords(share: number): string {
  return share > 0 && share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;
}

function Reclaimable({ usage }: { readonly usage: StorageUsage }): ReactNode {
  const { bytes, items } = usage.reclaimable;
  if (items.length === 0)
    return (
      <section className={styles.reclaim} aria-label="What a clean-up would remove">
        <h2>Nothing to clean up</h2>
        <p className={text.dim}>
          Everything that is stored is in use, or kept so that the next build is fast.
        </p>
      </section>
    );
  return (
    <section className={styles.reclaim} aria-label="What a clean-up would remove">
      <h2>
        A clean-up would free <Bytes value={bytes} />
      </h2>
      <ul>
        {items.map((item) => (
          <li key={`${item.title}:${item.detail}`}>
            <div>
              {item.title}
              <div className={styles.detail}>{item.detail}</div>
            </div>
            <Bytes value={item.bytes} />
          </li>
        ))}
      </ul>
    </section>
  );
}
