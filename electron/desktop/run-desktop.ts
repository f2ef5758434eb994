import { join } from 'node:path';
import { app, type BrowserWindow, dialog, session } from 'electron';
import { toErrorView } from '#shared/errors/error-view.ts';
import { createContext } from '../api/create-context.ts';
import type { HostContext } from '../api/host-context.ts';
import { createRouter } from '../api/router.ts';
import { appRoot, rendererFolder } from '../platform/app-root.ts';
import { createErrorLog } from '../platform/error-log.ts';
import { strataHome } from '../platform/paths.ts';
import { registerAppScheme, serveAppScheme } from './app-protocol.ts';
import { createDesktopPort } from './desktop-port.ts';
import { confirmQuit } from './dialogs.ts';
import { acceptDroppedFolders } from './dropped-folders.ts';
import { installMenu } from './menu.ts';
import { connectPage } from './message-port.ts';
import { guardAllContents, guardSession } from './security.ts';
import { becomeOnlyInstance } from './single-instance.ts';
import { openWindow } from './window.ts';
import { windowStateDocument } from './window-state.ts';

/** Runs the desktop app. What must happen before the app is ready happens before this returns. */
export function runDesktop(): void {
  const home = strataHome();
  if (process.env.STRATA_HOME) app.setPath('userData', join(home, 'electron'));
  const report = createErrorLog(join(home, 'strata.log'), (text) => process.stderr.write(text));
  process.on('unhandledRejection', report);
  app.enableSandbox();
  registerAppScheme();
  guardAllContents();
  let window: BrowserWindow | null = null;
  if (!becomeOnlyInstance(() => window)) return;
  app
    .whenReady()
    .then(() =>
      start(
        home,
        report,
        (next) => (window = next),
        () => window,
      ),
    )
    .catch((error: unknown) => {
      report(error);
      const { message, hint } = toErrorView(error);
      dialog.showErrorBox('Strata cannot start', [message, hint].filter(Boolean).join('\n\n'));
      app.exit(1);
    });
}

async function start(
  home: string,
  report: (error: unknown) => void,
  setWindow: (window: BrowserWindow | null) => void,
  currentWindow: () => BrowserWindow | null,
): Promise<void> {
  guardSession(session.defaultSession);
  serveAppScheme(rendererFolder());
  const context = await createContext({ host: createDesktopPort(currentWindow), home, report });
  const router = createRouter(context);
  const state = windowStateDocument(home, ({ path, cause }) =>
    report(new Error(`${path} was broken and set aside.`, { cause })),
  );
  const open = async (): Promise<void> => {
    const window = await openWindow({
      preload: join(appRoot(), 'out', 'preload.cjs'),
      icon: join(appRoot(), 'out', 'icon.png'),
      state,
      report,
    });
    setWindow(window);
    window.once('closed', () => setWindow(null));
    connectPage(window, router, report);
  };
  installMenu((command) => context.changes.emit({ topic: 'command', command }));
  acceptDroppedFolders(context);
  keepRunning(context, currentWindow, () => void open().catch(report));
  await open();
}

/** When the app ends: not with the last window on macOS, never without asking while work runs, and tidily. */
function keepRunning(
  context: HostContext,
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

async function endTidily(context: HostContext, currentWindow: () => BrowserWindow | null): Promise<boolean> {
  const running = context.operations.list().filter((operation) => operation.state === 'running');
  const titles = running.map((operation) => operation.title);
  if (titles.length > 0 && !(await confirmQuit(currentWindow(), titles))) return false;
  await context.close();
  return true;
}
