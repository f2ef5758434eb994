import { join } from 'node:path';
import { isProcessAlive } from '../../platform/process-identity.ts';
import { LowerStore } from '../../sandbox/lower-store.ts';
import { removeTree } from '../../sandbox/remove-tree.ts';
import { namesIn } from '../../store/leases.ts';
import type { Store } from '../../store/store.ts';
import { CacheMounts } from './mounts/cache-mounts.ts';

/** Removes the working folders of steps and comparisons whose process was killed. Nothing a living process uses is touched. */
export async function sweepLeftovers(store: Store): Promise<void> {
  for (const name of await namesIn(store.paths.scratch())) {
    const [kind, owner = ''] = name.split('.');
    if ((kind === 'run' || kind === 'verify') && !isProcessAlive(owner))
      await removeTree(join(store.paths.scratch(), name));
  }
  await new LowerStore(store.paths.lower()).sweep();
  await new CacheMounts(store.paths.cacheMounts()).sweep();
}
