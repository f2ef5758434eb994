import { Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ErrorView } from '#shared/contract/common.ts';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

/** An engine that is not there: no alarm, but what is known, what to do, and the engine that is always there. */
export function EngineAway(props: { readonly error: ErrorView; onRetry(): void }): ReactNode {
  const store = useAppStore();
  const isBuiltin = useApp((state) => state.engines.selected === 'builtin');
  const { engines, navigation } = store.getState();
  const retry = (): void => {
    void engines.load();
    props.onRetry();
  };
  return (
    <EmptyState
      icon={Unplug}
      title={props.error.message}
      actions={
        <>
          <Button tone="primary" onClick={retry}>
            Try again
          </Button>
          {isBuiltin ? null : (
            <Button onClick={() => engines.select('builtin')}>Use the built-in engine</Button>
          )}
          <Button onClick={() => navigation.go({ screen: 'settings' })}>Settings</Button>
        </>
      }
    >
      {props.error.hint}
    </EmptyState>
  );
}
