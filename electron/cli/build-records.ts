import { createBuildRecords } from '../engine/builtin/build-records.ts';
import { retentionOf } from '../engine/builtin/record-retention.ts';
import type { BuildRecords } from '../engine/ports.ts';
import type { Core } from './core.ts';

/** The build records as commands use them. Settings are loaded when records may have expired: few builds need them. */
export function recordsOf({ store, home }: Core): BuildRecords {
  return createBuildRecords(store.paths.builds(), async () => {
    const { readSettings } = await import('./settings.ts');
    return retentionOf(await readSettings(home));
  });
}
