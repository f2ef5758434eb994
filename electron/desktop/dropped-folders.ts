import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ipcMain } from 'electron';
import { z } from 'zod';
import type { HostContext } from '../api/host-context.ts';
import { DROP_CHANNEL } from './channels.ts';
import { isOurPage } from './security.ts';

const paths = z.array(z.string().refine(isAbsolute)).max(20);

/** Adds folders that were dropped on the window as projects; dropping is choosing, so it grants the path. */
export function acceptDroppedFolders(context: HostContext): void {
  ipcMain.on(DROP_CHANNEL, (event, given: unknown) => {
    const parsed = paths.safeParse(given);
    if (!parsed.success || !isOurPage(event.senderFrame)) return;
    addFolders(context, parsed.data).catch(context.report);
  });
}

async function addFolders(context: HostContext, dropped: readonly string[]): Promise<void> {
  for (const path of dropped) {
    const isFolder = await stat(path).then(
      (info) => info.isDirectory(),
      () => false,
    );
    if (!isFolder) continue;
    context.grants.add(path);
    await context.projects.add(path);
    context.changes.emit({ topic: 'projects' });
    context.changes.emit({ topic: 'command', command: 'go-projects' });
  }
}
