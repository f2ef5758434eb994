import { type BrowserWindow, shell } from 'electron';
import { AppError } from '#shared/errors/app-error.ts';
import type { HostPort } from '../api/host-context.ts';
import { choosePath, chooseSavePath } from './dialogs.ts';
import { saveDownload } from './save-download.ts';

/** What the desktop can do for the api: dialogs over the current window, files saved where the person says. */
export function createDesktopPort(currentWindow: () => BrowserWindow | null): HostPort {
  const requireWindow = (): BrowserWindow => {
    const window = currentWindow();
    if (window === null) throw new AppError('cancelled', 'The window was closed.');
    return window;
  };
  return {
    kind: 'desktop',
    choosePath: (title, what) => choosePath(requireWindow(), title, what),
    offerDownload: async (download, signal) => {
      const path = await chooseSavePath(requireWindow(), download.name);
      if (path !== null) await saveDownload(download, path, signal);
      return { path, url: null };
    },
    openExternal: async (url) => {
      await shell.openExternal(url.href);
      return true;
    },
  };
}
