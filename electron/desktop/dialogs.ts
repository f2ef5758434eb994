import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';

const ARCHIVES = [
  { name: 'Image archives', extensions: ['tar', 'tgz', 'gz', 'zst'] },
  { name: 'All files', extensions: ['*'] },
];

/** Asks for a folder, an archive, a file, or the place of a new folder; null when cancelled. */
export async function choosePath(
  window: BrowserWindow,
  title: string,
  what: 'folder' | 'archive' | 'file' | 'new-folder',
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
    ...(what === 'folder'
      ? { properties: ['openDirectory', 'createDirectory'] }
      : what === 'file'
        ? { properties: ['openFile', 'showHiddenFiles'] }
        : { properties: ['openFile'], filters: ARCHIVES }),
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
