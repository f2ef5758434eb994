import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { ChangeFeed } from '../engine.ts';

const GATHER_MS = 120;

/**
 * Tells when the names in the store changed, whichever process changed them: `index.json` is drawn anew each
 * time. Listens to the disk only while somebody listens here.
 */
export function createStoreFeed(indexFile: string): ChangeFeed & { close(): void } {
  const listeners = new Set<Parameters<ChangeFeed['subscribe']>[0]>();
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    for (const listener of [...listeners]) listener('images');
  };
  const stop = (): void => {
    clearTimeout(timer);
    watcher?.close();
    watcher = null;
  };
  const start = (): void => {
    watcher = watch(dirname(indexFile), { persistent: false }, (_event, name) => {
      if (name !== basename(indexFile)) return;
      clearTimeout(timer);
      timer = setTimeout(tell, GATHER_MS);
      timer.unref();
    });
    // A data folder that goes away under us is told by every other call.
    watcher.on('error', stop);
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      if (watcher === null) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close: () => {
      listeners.clear();
      stop();
    },
  };
}
