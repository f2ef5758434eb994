import { type FSWatcher, watch } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { isMissing } from './file-errors.ts';

const QUIET_MS = 150;
const MAX_PATHS = 100;

/**
 * Tells which files below `folder` changed, joined while changes keep coming: at most 100 relative paths, `''`
 * when the system named none. Ends when `signal` aborts. Throws `not-found` when there is no folder.
 */
export async function* watchFolder(
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string[], void, undefined> {
  const changed = new Set<string>();
  let failure: unknown;
  let wake: () => void = () => {};
  let quiet: NodeJS.Timeout | undefined;
  const rest = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(() => wake(), QUIET_MS);
  };
  const watcher = open(folder, (name) => {
    if (name.split(/[\\/]/)[0] === '.git') return;
    if (changed.size < MAX_PATHS) changed.add(name);
    rest();
  });
  watcher.on('error', (error) => {
    failure = error;
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (failure !== undefined) throw failure;
      if (changed.size === 0) continue;
      const paths = [...changed].sort();
      changed.clear();
      yield paths;
    }
  } finally {
    clearTimeout(quiet);
    watcher.close();
    signal?.removeEventListener('abort', onAbort);
  }
}

function open(folder: string, onChange: (name: string) => void): FSWatcher {
  try {
    return watch(folder, { recursive: true, persistent: false }, (_event, name) => onChange(name ?? ''));
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new AppError('not-found', `There is no folder ${folder}.`, {
      hint: 'Put it back, or remove the project from the list.',
      detail: { kind: 'path', path: folder },
      cause: error,
    });
  }
}
