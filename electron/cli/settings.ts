import { existsSync } from 'node:fs';
import { DEFAULT_SETTINGS } from '#shared/contract/default-settings.ts';
import type { SettingsView } from '#shared/contract/settings.ts';
import { settingsFile } from '../settings/settings-file.ts';

/** The settings in the data folder. What reads them is loaded only where there are some: it takes as long as a small pull. */
export async function readSettings(home: string): Promise<SettingsView> {
  if (!existsSync(settingsFile(home))) return DEFAULT_SETTINGS;
  const { SettingsStore } = await import('../settings/settings-store.ts');
  return new SettingsStore(home, ({ path, kept }) => {
    process.stderr.write(`strata: ${path} was broken; it was set aside as ${kept}.\n`);
  }).get();
}
