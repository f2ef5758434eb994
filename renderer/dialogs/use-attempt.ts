import { useState } from 'react';
import { toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';

/** What {@link useAttempt} gives. */
export interface Attempt {
  /** Runs something that may be refused; the refusal becomes `error`. */
  attempt(work: () => Promise<void>): Promise<void>;
  readonly error: ErrorView | null;
  readonly isBusy: boolean;
}

/**
 * For dialogs: does something, and keeps the refusal to show it in place. What is asked for while something is under
 * way is dropped, as the second click of a double click must be; pass `{ several: true }` where it is to be done too.
 */
export function useAttempt({ several = false } = {}): Attempt {
  const [error, setError] = useState<ErrorView | null>(null);
  const [underWay, setUnderWay] = useState(0);
  const isBusy = underWay > 0;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy && !several) return;
    setUnderWay((count) => count + 1);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(toErrorView(failure));
    } finally {
      setUnderWay((count) => count - 1);
    }
  };
  return { attempt, error, isBusy };
}
