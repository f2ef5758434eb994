import { Readable } from 'node:stream';
import { findImage } from '../../store/find-image.ts';
import type { Store } from '../../store/store.ts';
import type { ImageArchives } from '../ports.ts';
import { loadArchive } from './load-archive.ts';
import { writeArchive } from './write-archive.ts';

/** Images of the store as archives, and archives into the store. */
export function createArchives(store: Store): ImageArchives {
  return {
    save: async (ref, { format, signal }) => {
      const image = await findImage(store, ref);
      return Readable.from(writeArchive(store, image, format, signal), { objectMode: false });
    },
    load: (path, options) => loadArchive(store, path, options),
  };
}
