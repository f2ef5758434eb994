import { Readable } from 'node:stream';
import { findNamed } from '../../store/find-image.ts';
import type { Store } from '../../store/store.ts';
import type { ImageArchives } from '../ports.ts';
import { loadArchive, takeArchive } from './load-archive.ts';
import { planArchive } from './write-archive.ts';

/** Images of the store as archives, and archives into the store. */
export function createArchives(store: Store): ImageArchives {
  return {
    save: async (ref, options) => {
      const plan = await planArchive(store, await findNamed(store, ref), options);
      return {
        size: plan.size,
        open: (signal) => Readable.from(plan.write(signal), { objectMode: false }),
      };
    },
    load: (path, options) => loadArchive(store, path, options),
    take: (archive, options) => takeArchive(store, archive, options),
  };
}
