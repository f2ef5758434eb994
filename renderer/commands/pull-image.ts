import { Download } from 'lucide-react';
import type { Command } from './command.ts';

/** Asks for a reference and pulls it. */
export const pullImage: Command = {
  id: 'pull-image',
  title: 'Pull an image…',
  group: 'Images',
  icon: Download,
  run: (store) => store.getState().dialogs.show({ kind: 'pull-image' }),
};
