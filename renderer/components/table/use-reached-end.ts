import { useEffect } from 'react';

/** Calls `onEnd` when the last of `count` rows is drawn, once for each number of rows. */
export function useReachedEnd(
  last: number | undefined,
  count: number,
  onEnd: (() => void) | undefined,
): void {
  const isAtEnd = last !== undefined && last >= count - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows have another end; the callback may be another each time.
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, count]);
}
