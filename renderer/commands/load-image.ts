import { FolderOpen } from 'lucide-react';
import { toErrorView } from '#renderer/client/failure.ts';
import type { AppState, AppStore } from '#renderer/store/app-store.ts';
import { valueOr } from '#renderer/store/remote.ts';
import type { Command } from './command.ts';

/** Asks for an archive, to look inside or to load it: by the native dialog on the desktop, in the page else. */
export const loadImage: Command = {
  id: 'load-archive',
  title: 'Open an image archive…',
  group: 'Images',
  icon: FolderOpen,
  keywords: 'load import look inside tar oci docker',
  run: async (store) => {
    if (hasNativeDialogs(store.getState())) await openChosen(store, 'Open an image archive', 'archive');
    else store.getState().dialogs.show({ kind: 'load-image' });
  },
};

/** Asks for a folder that is an OCI layout, by the native dialog: that for archives shows no folders everywhere. */
export const openLayout: Command = {
  id: 'open-layout',
  title: 'Open an image layout folder…',
  group: 'Images',
  icon: FolderOpen,
  keywords: 'load import look inside oci directory',
  when: hasNativeDialogs,
  run: (store) => openChosen(store, 'Open a folder that is an OCI layout', 'layout'),
};

function hasNativeDialogs({ host }: AppState): boolean {
  return valueOr(host.info, null)?.host === 'desktop';
}

async function openChosen(store: AppStore, title: string, what: 'archive' | 'layout'): Promise<void> {
  const { folders, dialogs } = store.getState();
  try {
    const path = await folders.choose(title, what);
    if (path !== null) dialogs.show({ kind: 'open-archive', path });
  } catch (error) {
    dialogs.show({ kind: 'error', title: 'The image could not be opened', error: toErrorView(error) });
  }
}
