import { watchFile } from '../../platform/watch-file.ts';
import type { ChangeFeed } from '../engine.ts';

/** What changed in the store. */
export interface StoreFeed extends ChangeFeed {
  /** Says that an image shows more than it did, for what leaves the names as they are. */
  tell(): void;
  close(): void;
}

/**
 * Tells when the names in the store changed, whichever process changed them: `index.json` is drawn anew each
 * time. Listens to the disk only while somebody listens here.
 */
export function createStoreFeed(indexFile: string): StoreFeed {
  const listeners = new Set<Parameters<ChangeFeed['subscribe']>[0]>();
  let stopWatching: (() => void) | null = null;
  const tell = (): void => {
    for (const listener of [...listeners]) listener('images');
  };
  const stop = (): void => {
    stopWatching?.();
    stopWatching = null;
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      stopWatching ??= watchFile(indexFile, tell);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    tell,
    close: () => {
      listeners.clear();
      stop();
    },
  };
}
