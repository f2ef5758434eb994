import { join } from 'node:path';
import { app, type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';

const ARCHIVES = [
  { name: 'Image archives', extensions: ['tar', 'tgz', 'gz', 'zst'] },
  { name: 'All files', extensions: ['*'] },
];

/** Files and folders are asked for apart: on Windows and Linux one dialog cannot offer both. */
const OPEN: Record<'folder' | 'archive' | 'layout' | 'file', OpenDialogOptions> = {
  folder: { properties: ['openDirectory', 'createDirectory'] },
  archive: { properties: ['openFile'], filters: ARCHIVES },
  layout: { properties: ['openDirectory'] },
  file: { properties: ['openFile', 'showHiddenFiles'] },
};

/** Asks for a folder, an archive, the folder of an image layout, a file, or the place of a new folder; null when cancelled. */
export async function choosePath(
  window: BrowserWindow,
  title: string,
  what: 'folder' | 'archive' | 'layout' | 'file' | 'new-folder',
): Promise<string | null> {
  if (what === 'new-folder') {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title,
      defaultPath: join(app.getPath('documents'), 'strata-sample'),
      buttonLabel: 'Choose',
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    return canceled || filePath === '' ? null : filePath;
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title,
    ...OPEN[what],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

/** Asks where to save a file of this name; null when cancelled. */
export async function chooseSavePath(window: BrowserWindow, name: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save',
    defaultPath: join(app.getPath('downloads'), name),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? null : filePath;
}

/** Asks whether to quit although this work is running. */
export async function confirmQuit(window: BrowserWindow | null, titles: readonly string[]): Promise<boolean> {
  const options = {
    type: 'question' as const,
    message:
      titles.length === 1 ? `"${titles[0]}" is still running.` : `${titles.length} things are still running.`,
    detail: `${titles.join('\n')}\n\nQuitting cancels them. What was finished stays in the store.`,
    buttons: ['Go on', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  };
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return response === 1;
}
