import { app, type BrowserWindow } from 'electron';
import type { HostContext } from '../api/host-context.ts';
import { confirmQuit } from './dialogs.ts';

type LifetimeContext = Pick<HostContext, 'operations' | 'close' | 'report'>;

/** When the app ends: not with the last window on macOS, never without asking while work runs, and tidily. */
export function keepRunning(
  context: LifetimeContext,
  currentWindow: () => BrowserWindow | null,
  reopen: () => void,
): void {
  let isClosed = false;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (currentWindow() === null) reopen();
  });
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    endTidily(context, currentWindow)
      .then((ended) => {
        isClosed = ended;
        if (ended) app.quit();
      })
      .catch((error: unknown) => {
        context.report(error);
        app.exit(1);
      });
  });
}

async function endTidily(
  context: LifetimeContext,
  currentWindow: () => BrowserWindow | null,
): Promise<boolean> {
  const running = context.operations.list().filter((operation) => operation.state === 'running');
  const titles = running.map((operation) => operation.title);
  if (titles.length > 0 && !(await confirmQuit(currentWindow(), titles))) return false;
  await context.close();
  return true;
}
