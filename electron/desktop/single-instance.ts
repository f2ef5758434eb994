import { app, type BrowserWindow } from 'electron';

/**
 * Whether this is the only instance for this user. A later one ends by itself and brings the window of the
 * first to the front.
 */
export function becomeOnlyInstance(currentWindow: () => BrowserWindow | null): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on('second-instance', () => {
    const window = currentWindow();
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  return true;
}
