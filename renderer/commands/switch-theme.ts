import { Monitor, Moon, Sun } from 'lucide-react';
import { toErrorView } from '#renderer/client/failure.ts';
import type { SettingsView } from '#shared/contract/settings.ts';
import type { Command } from './command.ts';

const THEMES = [
  { theme: 'system', title: 'Appearance: as the system', icon: Monitor },
  { theme: 'dark', title: 'Appearance: dark', icon: Moon },
  { theme: 'light', title: 'Appearance: light', icon: Sun },
] as const satisfies readonly { theme: SettingsView['theme']; title: string; icon: typeof Sun }[];

/** One command per appearance. */
export const switchThemeCommands: readonly Command[] = THEMES.map(({ theme, title, icon }) => ({
  id: `theme-${theme}`,
  title,
  group: 'View',
  icon,
  keywords: 'theme colour dark light mode',
  run: async (store) => {
    const { settings, toasts } = store.getState();
    try {
      await settings.update({ theme });
    } catch (error) {
      toasts.add({ tone: 'failed', title: toErrorView(error).message });
    }
  },
}));
