import type { ReactNode } from 'react';
import { openPalette } from '#renderer/commands/open-palette.ts';
import { formatShortcut, isMacPlatform } from '#renderer/commands/shortcuts.ts';
import { keepFocusOnScreen } from '#renderer/components/keep-focus.ts';
import { Menu, type MenuItem } from '#renderer/components/menu.tsx';
import { ProgressBar } from '#renderer/components/progress-bar.tsx';
import { waitOf } from '#renderer/features/transfer/wait-of.ts';
import { engineById } from '#renderer/store/engines-slice.ts';
import type { OperationView } from '#renderer/store/operation-events.ts';
import { showOperation } from '#renderer/store/show-operation.ts';
import { useApp, useAppShallow, useAppStore } from '#renderer/store/store-context.tsx';
import type { Operation } from '#shared/contract/operations.ts';
import styles from './status-bar.module.css';

/** The line at the bottom: the engine, what runs in the background, the way to all commands. */
export function StatusBar(): ReactNode {
  const store = useAppStore();
  const engine = useApp((state) => engineById(state.engines, state.engines.selected)?.name ?? '');
  const connection = useApp((state) => state.host.connection);
  const running = useAppShallow((state) =>
    Object.values(state.operations.byId).filter(({ operation }) => operation.state === 'running'),
  );
  return (
    <footer ref={keepFocusOnScreen} className={styles.bar}>
      {connection === 'lost' ? (
        <span className={styles.lost} role="alert">
          Connection to Strata lost, trying again…
        </span>
      ) : (
        <span>{engine}</span>
      )}
      {running.length === 0 ? null : <Work views={running} />}
      <span className={styles.grow} />
      <button type="button" className={styles.keys} onClick={() => void openPalette.run(store)}>
        {formatShortcut('mod+k', isMacPlatform(navigator.platform))} commands
      </button>
    </footer>
  );
}

function Work(props: { readonly views: readonly OperationView[] }): ReactNode {
  const store = useAppStore();
  const [shown, ...others] = props.views;
  if (shown === undefined) return null;
  const first = shown.operation;
  const items = props.views.flatMap(({ operation, blobs }): MenuItem[] => [
    {
      label: operation.title,
      note: waitOf({ operation, blobs }) === null ? progressWords(operation) : WAITS,
      run: () => showOperation(store, operation),
    },
    {
      label: `Cancel ${operation.title}`,
      danger: true,
      run: () => void store.getState().operations.cancel(operation.id),
    },
  ]);
  const value = first.progress === null ? null : first.progress.done / Math.max(1, first.progress.total);
  return (
    <Menu side="top" items={items}>
      <button type="button" className={styles.work} aria-label={`Running: ${first.title}`}>
        <span className={styles.name}>{first.title}</span>
        <ProgressBar className={styles.progress} label={first.title} value={value} />
        {waitOf(shown) === null ? null : <span className={styles.waits}>{WAITS}</span>}
        {others.length === 0 ? null : <span>and {others.length} more</span>}
      </button>
    </Menu>
  );
}

/** The dialog of the operation says why and until when. */
const WAITS = 'waits to try again';

function progressWords(operation: Operation): string | undefined {
  const { progress } = operation;
  if (progress === null || progress.total === 0) return undefined;
  if (progress.unit === 'steps') return `${progress.done} of ${progress.total}`;
  return `${Math.floor((progress.done / progress.total) * 100)} %`;
}
