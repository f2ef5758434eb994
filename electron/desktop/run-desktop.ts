import { join } from 'node:path';
import { app, type BrowserWindow, dialog, session } from 'electron';
import { toErrorView } from '#shared/errors/error-view.ts';
import { createContext } from '../api/create-context.ts';
import { createRouter } from '../api/router.ts';
import { serveHandover } from '../handover/serve-handover.ts';
import { appRoot, rendererFolder } from '../platform/app-root.ts';
import type { BrokenFileNotice } from '../settings/json-document.ts';
import { keepRunning } from './app-lifetime.ts';
import { registerAppScheme, serveAppScheme } from './app-protocol.ts';
import { createDesktopPort } from './desktop-port.ts';
import { acceptDroppedFolders } from './dropped-folders.ts';
import { installMenu } from './menu.ts';
import { connectPage } from './message-port.ts';
import { openSecretStore } from './secret-store.ts';
import { guardAllContents, guardSession } from './security.ts';
import { becomeOnlyInstance } from './single-instance.ts';
import { openWindow } from './window.ts';
import { windowStateDocument } from './window-state.ts';

/** Runs the desktop app on the data folder `home`. What must happen before the app is ready happens before this returns. */
export function runDesktop(home: string, report: (error: unknown) => void): void {
  if (process.env.STRATA_HOME) app.setPath('userData', join(home, 'electron'));
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
  const onBroken: BrokenFileNotice = ({ path, kept, cause }) =>
    report(new Error(`${path} was broken; it was set aside as ${kept}.`, { cause }));
  const secrets = (await openSecretStore(home, onBroken)) ?? undefined;
  const context = await createContext({ host: createDesktopPort(currentWindow), home, secrets, report });
  const router = createRouter(context);
  const state = windowStateDocument(home, onBroken);
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
  const handover = await serveHandover(context);
  const close = async () => {
    await handover.close();
    await context.close();
  };
  keepRunning(
    { operations: context.operations, report, close },
    currentWindow,
    () => void open().catch(report),
  );
  await open();
}
