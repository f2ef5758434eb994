import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { Operation } from '#shared/contract/operations.ts';

/** The ways on after the end of an operation: sign in, change something, try again, close. */
export function FailureActions(props: { readonly operation: Operation; onClose(): void }): ReactNode {
  const { operation, onClose } = props;
  const store = useAppStore();
  const origin = useApp((state) => state.transfers.origins[operation.id]);
  const { attempt, isBusy } = useAttempt();
  const { dialogs } = store.getState();
  if (operation.state === 'done' || origin === undefined)
    return (
      <Button tone="primary" onClick={onClose}>
        Close
      </Button>
    );
  const host = signInHost(operation);
  const certificateHost = tlsHost(operation);
  const isSettled = mustChange(operation);
  return (
    <>
      <Button onClick={onClose}>Close</Button>
      <Button tone={isSettled ? 'primary' : 'normal'} onClick={() => dialogs.show(origin.dialog)}>
        Change…
      </Button>
      {operation.error?.code === 'disk-full' ? (
        <Button
          onClick={() => {
            dialogs.close();
            store.getState().navigation.go({ screen: 'storage' });
          }}
        >
          Free space…
        </Button>
      ) : null}
      {host === undefined ? null : (
        <Button
          tone="primary"
          onClick={() => dialogs.show({ kind: 'sign-in', host, next: origin.dialog, resume: origin.again })}
        >
          Sign in to {host}…
        </Button>
      )}
      {certificateHost === undefined ? null : (
        <Button
          tone="primary"
          onClick={() =>
            dialogs.show({
              kind: 'trust-certificate',
              host: certificateHost,
              next: origin.dialog,
              resume: origin.again,
            })
          }
        >
          Look at its certificate…
        </Button>
      )}
      {isSettled ? null : (
        <Button
          tone={host === undefined && certificateHost === undefined ? 'primary' : 'normal'}
          disabled={isBusy}
          onClick={() => void attempt(origin.again)}
        >
          Try again
        </Button>
      )}
    </>
  );
}

/** Whether the same once more would be refused again: the tag may not be moved, by the rule here or by the registry's. */
function mustChange({ error }: Operation): boolean {
  return error?.code === 'tag-moved' || error?.code === 'conflict';
}

/** The registry that asks who one is; undefined where signing in would not help. */
function signInHost({ error }: Operation): string | undefined {
  if (error?.code !== 'unauthorized' && error?.code !== 'forbidden') return undefined;
  return error.detail?.kind === 'registry' ? error.detail.host : undefined;
}

/** The registry whose certificate can be looked at; undefined where that would not help. */
function tlsHost({ error }: Operation): string | undefined {
  return error?.code === 'tls' && error.detail?.kind === 'registry' ? error.detail.host : undefined;
}
