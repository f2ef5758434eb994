import type { Command } from './command.ts';
import { SCREENS } from './screens.ts';

/** One command per screen of the sidebar. */
export const goToScreenCommands: readonly Command[] = SCREENS.map(({ screen, title, icon, shortcuts }) => ({
  id: `go-${screen}`,
  title,
  group: 'Go to',
  icon,
  shortcuts,
  run: (store) => store.getState().navigation.go({ screen }),
}));
