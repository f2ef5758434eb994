import { freeUnused } from '../engine/builtin/free-unused.ts';
import { createImageCatalog } from '../engine/builtin/image-catalog.ts';
import type { ImageCatalog } from '../engine/engine.ts';
import type { Core } from './core.ts';

/** The images of the store as commands use them. */
export function catalogOf({ store, services }: Core): ImageCatalog {
  return createImageCatalog(store, async (image) => {
    await freeUnused(services, image);
  });
}
