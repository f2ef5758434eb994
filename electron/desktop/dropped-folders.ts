import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ipcMain } from 'electron';
import { z } from 'zod';
import type { HostContext } from '../api/host-context.ts';
import { DROP_CHANNEL } from './channels.ts';
import { isOurPage } from './security.ts';

const paths = z.array(z.string().refine(isAbsolute)).max(20);

/**
 * Adds folders that were dropped on the window as projects, and shows what a dropped archive holds; dropping is choosing,
 * so it grants the path.
 */
export function acceptDroppedFolders(context: HostContext): void {
  ipcMain.on(DROP_CHANNEL, (event, given: unknown) => {
    const parsed = paths.safeParse(given);
    if (!parsed.success || !isOurPage(event.senderFrame)) return;
    takeDropped(context, parsed.data).catch(context.report);
  });
}

async function takeDropped(context: HostContext, dropped: readonly string[]): Promise<void> {
  for (const path of dropped) {
    const found = await stat(path).catch(() => null);
    if (found === null) continue;
    if (found.isFile() || (found.isDirectory() && (await isLayout(path)))) {
      context.grants.add(path);
      context.changes.emit({ topic: 'command', command: 'load-archive', path });
      continue;
    }
    if (!found.isDirectory()) continue;
    context.grants.add(path);
    await context.projects.add(path);
    context.changes.emit({ topic: 'projects' });
    context.changes.emit({ topic: 'command', command: 'go-projects' });
  }
}

/** Whether a folder is an OCI image layout rather than a project. */
async function isLayout(path: string): Promise<boolean> {
  return stat(join(path, 'oci-layout')).then(
    (found) => found.isFile(),
    () => false,
  );
}
