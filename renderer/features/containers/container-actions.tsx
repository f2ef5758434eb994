import { Play, RotateCw, Square, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { toErrorView } from '#renderer/client/failure.ts';
import { IconButton } from '#renderer/components/button.tsx';
import type { AppStore } from '#renderer/store/app-store.ts';
import { type ContainerAction, containerKey } from '#renderer/store/containers-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import { isRunning } from './container-rows.ts';
import styles from './containers.module.css';

/** What can be done with one container, as buttons of its row. */
export function ContainerActions({ container }: { readonly container: ContainerSummary }): ReactNode {
  const store = useAppStore();
  const isBusy = useApp((state) => state.containers.busy.has(containerKey(container)));
  const { name } = container;
  const button = (action: ContainerAction, words: string, icon: ReactNode): ReactNode => (
    <IconButton
      small
      label={`${words} ${name}`}
      disabled={isBusy}
      onClick={() => void act(store, container, action)}
    >
      {icon}
    </IconButton>
  );
  return (
    <span className={styles.actions}>
      {isRunning(container) ? (
        <>
          {button('restart', 'Restart', <RotateCw aria-hidden />)}
          {button('stop', 'Stop', <Square aria-hidden />)}
        </>
      ) : (
        button('start', 'Start', <Play aria-hidden />)
      )}
      <IconButton
        small
        label={`Remove ${name}…`}
        disabled={isBusy}
        onClick={() => removeContainer(store, container)}
      >
        <Trash2 aria-hidden />
      </IconButton>
    </span>
  );
}

async function act(store: AppStore, container: ContainerSummary, action: ContainerAction): Promise<void> {
  try {
    await store.getState().containers.act(container, action);
  } catch (error) {
    const { message, hint } = toErrorView(error);
    store.getState().toasts.add({ tone: 'failed', title: message, detail: hint });
  }
}

/** Asks, then removes a container; one that runs is stopped by it. */
export function removeContainer(store: AppStore, container: ContainerSummary): void {
  const runs = isRunning(container);
  store.getState().dialogs.show({
    kind: 'confirm',
    title: `Remove container ${container.name}?`,
    message: runs
      ? 'It runs: it is killed and removed with everything it has written outside of volumes. Its image stays.'
      : 'It is removed with everything it has written outside of volumes. Its image stays.',
    items: [`${container.name}, from ${container.image}, ${container.status}`],
    confirm: runs ? 'Kill and remove' : 'Remove',
    danger: true,
    run: () => store.getState().containers.act(container, 'remove', runs),
  });
}
