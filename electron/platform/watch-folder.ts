import { AppError } from '#shared/errors/app-error.ts';
import { isMissing } from './file-errors.ts';
import { type FolderWatcher, type FolderWatcherEvents, openFolderWatcher } from './folder-watcher.ts';

const QUIET_MS = 150;
const MAX_PATHS = 100;

/**
 * Tells which files below `folder` changed, joined while changes keep coming: at most 100 relative paths with
 * forward slashes. Ends when `signal` aborts. Throws `not-found` when there is no folder.
 */
export async function* watchFolder(
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string[], void, undefined> {
  const changed = new Set<string>();
  let failure: { error: unknown } | null = null;
  let isReady = false;
  let wake: () => void = () => {};
  let quiet: NodeJS.Timeout | undefined;
  const ready = (): void => {
    isReady = true;
    wake();
  };
  const watcher = open(folder, {
    onChange: (path) => {
      if (changed.size < MAX_PATHS) changed.add(path);
      clearTimeout(quiet);
      quiet = setTimeout(ready, QUIET_MS);
    },
    onError: (error) => {
      failure = { error };
      ready();
    },
  });
  signal?.addEventListener('abort', ready, { once: true });
  try {
    while (signal?.aborted !== true) {
      if (!isReady) await new Promise<void>((resolve) => (wake = resolve));
      isReady = false;
      throwIf(failure);
      if (changed.size === 0) continue;
      const paths = [...changed].sort();
      changed.clear();
      yield paths;
    }
  } finally {
    clearTimeout(quiet);
    watcher.close();
    signal?.removeEventListener('abort', ready);
  }
}

function throwIf(failure: { error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}

function open(folder: string, events: FolderWatcherEvents): FolderWatcher {
  try {
    return openFolderWatcher(folder, events);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new AppError('not-found', `There is no folder ${folder}.`, {
      hint: 'Put it back, or remove the project from the list.',
      detail: { kind: 'path', path: folder },
      cause: error,
    });
  }
}
