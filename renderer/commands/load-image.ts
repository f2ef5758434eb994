import { FolderOpen } from 'lucide-react';
import { toErrorView } from '#renderer/client/failure.ts';
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
    const { host, folders, dialogs } = store.getState();
    if (valueOr(host.info, null)?.host !== 'desktop') {
      dialogs.show({ kind: 'load-image' });
      return;
    }
    try {
      const path = await folders.choose('Open an image archive', 'archive');
      if (path !== null) dialogs.show({ kind: 'open-archive', path });
    } catch (error) {
      dialogs.show({ kind: 'error', title: 'The archive could not be opened', error: toErrorView(error) });
    }
  },
};
