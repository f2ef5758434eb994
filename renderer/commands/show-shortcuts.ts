import { Keyboard } from 'lucide-react';
import type { Command } from './command.ts';

/** Lists every key that does something. */
export const showShortcuts: Command = {
  id: 'show-shortcuts',
  title: 'Keyboard shortcuts',
  group: 'View',
  icon: Keyboard,
  keywords: 'keys help hotkeys bindings',
  shortcuts: ['?'],
  run: (store) => store.getState().dialogs.show({ kind: 'shortcuts' }),
};
