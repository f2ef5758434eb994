import { type ChildProcess, spawn } from 'node:child_process';

/** A program that ends with a failure this soon did not come up. */
const CAME_UP_MS = 8000;

/** Why there can be no window whatever Electron is, null when there may be one. */
export function whyNoWindow(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  userId: number | undefined = process.getuid?.(),
): string | null {
  if (platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  return userId === 0 ? 'Electron does not keep its sandbox for root' : null;
}

/**
 * Runs Electron on the app in `folder` until it ends; answers null, or why it did not come up. An abort ends it
 * as Ctrl-C does.
 */
export async function runElectron(
  binary: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | null> {
  const started = performance.now();
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = env;
  const child = spawn(binary, [folder], { env: rest, stdio: ['ignore', 'inherit', 'pipe'] });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  const { failure, said } = await ended(child);
  signal.removeEventListener('abort', end);
  if (failure === null || signal.aborted || performance.now() - started > CAME_UP_MS) return null;
  return `Electron did not start (${said === '' ? failure : said})`;
}

/** The failure in words, null for a good end; and the last line that names an error. */
function ended(child: ChildProcess): Promise<{ failure: string | null; said: string }> {
  let text = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-8000);
    process.stderr.write(chunk);
  });
  const said = (): string =>
    text
      .split('\n')
      .findLast((line) => /error|fatal|cannot/i.test(line))
      ?.trim() ?? '';
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ failure: error.message, said: '' }));
    child.once('close', (code, signalName) => {
      resolve({ failure: code === 0 ? null : `it ended with ${signalName ?? `code ${code}`}`, said: said() });
    });
  });
}
