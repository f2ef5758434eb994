import { useEffect } from 'react';

/** A second press within this time, in milliseconds, belongs to the click before. */
const DOUBLE_CLICK = 600;

/**
 * A row opens at the first click. The second one of a double click then hits the new screen, where it must not select
 * half of its words. `screen` names what is shown.
 */
export function useSecondClick(screen: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new screen begins the time anew.
  useEffect(() => {
    const shownAt = performance.now();
    const onPress = (event: MouseEvent): void => {
      if (event.detail > 1 && performance.now() - shownAt < DOUBLE_CLICK) event.preventDefault();
    };
    document.addEventListener('mousedown', onPress);
    return () => document.removeEventListener('mousedown', onPress);
  }, [screen]);
}
