import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inspect } from 'node:util';

const MAX_BYTES = 1024 * 1024;

/**
 * Writes unexpected errors with time and stack to the file at `path`, one after the other; a full file is kept
 * once as `path.1`. Never throws: where the log cannot be written, `fallback` gets the text.
 */
export function createErrorLog(path: string, fallback: (text: string) => void): (error: unknown) => void {
  let tail: Promise<void> = Promise.resolve();
  return (error) => {
    const text = `${new Date().toISOString()} ${inspect(error, { depth: 6, breakLength: 120 })}\n`;
    tail = tail.then(() => append(path, text)).catch(() => fallback(text));
  };
}

async function append(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const size = await stat(path).then(
    (info) => info.size,
    () => 0,
  );
  if (size > MAX_BYTES) await rename(path, `${path}.1`);
  await appendFile(path, text, { mode: 0o600 });
}
