import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Countdown } from '#renderer/components/countdown.tsx';
import { Notice } from '#renderer/components/notice.tsx';
import type { OperationView } from '#renderer/store/operation-events.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { formatCount } from '#shared/format/count.ts';
import { waitOf } from './wait-of.ts';

/** What a transfer waits for before it tries again, with the way not to wait. Nothing while it goes on. */
export function RetryNotice({ view }: { readonly view: OperationView }): ReactNode {
  const store = useAppStore();
  const wait = waitOf(view);
  if (wait === null) return null;
  return (
    <Notice
      tone="warn"
      title={wait.why}
      aside={
        <Button small onClick={() => void store.getState().operations.retryNow(view.operation.id)}>
          Retry now
        </Button>
      }
    >
      {wait.layers > 1 ? `${formatCount(wait.layers, 'layer')} wait. ` : ''}Next try{' '}
      <Countdown to={wait.at} />.
    </Notice>
  );
}
