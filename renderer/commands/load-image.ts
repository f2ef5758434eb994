import { FolderOpen } from 'lucide-react';
import type { Command } from './command.ts';

/** Asks for an archive and takes its images into the store. */
export const loadImage: Command = {
  id: 'load-image',
  title: 'Open an image archive…',
  group: 'Images',
  icon: FolderOpen,
  keywords: 'load import tar oci docker',
  run: (store) => store.getState().dialogs.show({ kind: 'load-image' }),
};
