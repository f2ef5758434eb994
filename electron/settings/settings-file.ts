import { join } from 'node:path';

/** Where the settings of a data folder are. */
export function settingsFile(home: string): string {
  return join(home, 'settings.json');
}
