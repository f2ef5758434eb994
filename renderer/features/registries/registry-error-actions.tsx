import { LogIn, ShieldQuestion } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import type { Dialog } from '#renderer/dialogs/dialog.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import type { ErrorView } from '#shared/contract/common.ts';

/** The ways on after a registry refused or was not trusted: look at its certificate, sign in, try again. */
export function registryErrorActions(error: ErrorView, onRetry?: () => void): ReactNode {
  return (
    <>
      <RegistryErrorMend error={error} />
      {onRetry === undefined ? null : (
        <Button small onClick={onRetry}>
          Try again
        </Button>
      )}
    </>
  );
}

/** The one button that mends an error of a registry, where there is one. `next` is shown after it. */
export function RegistryErrorMend(props: {
  readonly error: Pick<ErrorView, 'code' | 'detail'>;
  readonly next?: Dialog | undefined;
}): ReactNode {
  const { error, next } = props;
  const store = useAppStore();
  if (error.detail?.kind !== 'registry') return null;
  const { host } = error.detail;
  const { dialogs } = store.getState();
  const onward = next === undefined ? {} : { next };
  if (error.code === 'tls')
    return (
      <Button
        small
        icon={<ShieldQuestion aria-hidden />}
        onClick={() => dialogs.show({ kind: 'trust-certificate', host, ...onward })}
      >
        Look at its certificate…
      </Button>
    );
  if (error.code !== 'unauthorized' && error.code !== 'forbidden') return null;
  return (
    <Button
      small
      icon={<LogIn aria-hidden />}
      onClick={() => dialogs.show({ kind: 'sign-in', host, ...onward })}
    >
      Sign in to {host}…
    </Button>
  );
}
