import { Command as CommandIcon } from 'lucide-react';
import type { Command } from './command.ts';

/** Shows all commands. */
export const openPalette: Command = {
  id: 'open-palette',
  title: 'All commands',
  group: 'View',
  icon: CommandIcon,
  shortcuts: ['mod+k', 'mod+shift+p'],
  run: (store) => store.getState().dialogs.show({ kind: 'palette' }),
};
