import { LogIn } from 'lucide-react';
import type { Command } from './command.ts';

/** Signs in to a registry. */
export const signIn: Command = {
  id: 'sign-in',
  title: 'Sign in to a registry…',
  group: 'Registries',
  icon: LogIn,
  keywords: 'login account password token credential',
  run: (store) => store.getState().dialogs.show({ kind: 'sign-in' }),
};
