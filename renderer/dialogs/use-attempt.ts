import { useState } from 'react';
import { toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';

/** What {@link useAttempt} gives. */
export interface Attempt {
  /** Runs something that may be refused; the refusal becomes `error`. One at a time. */
  attempt(work: () => Promise<void>): Promise<void>;
  readonly error: ErrorView | null;
  readonly isBusy: boolean;
}

/** For dialogs: does something, and keeps the refusal to show it in place. */
export function useAttempt(): Attempt {
  const [error, setError] = useState<ErrorView | null>(null);
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(toErrorView(failure));
    } finally {
      setBusy(false);
    }
  };
  return { attempt, error, isBusy };
}
