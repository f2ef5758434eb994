import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

const GATHER_MS = 120;

/**
 * Tells, joined while changes keep coming, that a file was written or replaced by any process; the answer ends it. Its
 * folder must exist, the file need not. Keeps no process alive. Throws `ENOENT`.
 */
export function watchFile(path: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
    if (name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, GATHER_MS);
    timer.unref();
  });
  const stop = (): void => {
    clearTimeout(timer);
    watcher.close();
  };
  // A folder that goes away under us is told by every other call.
  watcher.on('error', stop);
  return stop;
}
