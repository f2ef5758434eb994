import { constants, copyFile, link } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { errnoOf, isMissing } from '../../platform/file-errors.ts';
import { makeFolders } from '../../platform/make-folders.ts';
import type { Store } from '../../store/store.ts';
import type { BaseImage, BaseImages } from '../solve/base-images.ts';

/** Base images of one store for builds in another: found or fetched there, then linked here; nothing is fetched twice. */
export function lendImages(from: Store, bases: BaseImages, to: Store): BaseImages {
  const take = async (image: Digest): Promise<void> => {
    const record = await from.images.get(image);
    if (record === null) throw new AppError('internal', `The base image ${image} is not in its store.`);
    const { digest, configDigest, layers, baseLayers } = record;
    for (const blob of [digest, configDigest, ...layers.map((layer) => layer.digest)])
      await linkFile(from.paths.blob(blob), to.paths.blob(blob));
    for (const layer of layers) {
      const index = from.paths.index(layer.digest);
      // An index that is not there yet is made from the blob when a step needs it.
      await linkFile(index, to.paths.index(layer.digest)).catch((error) => {
        if (!isMissing(error)) throw error;
      });
    }
    await to.addImage(digest, { baseLayers });
  };
  const lend = async (base: BaseImage): Promise<BaseImage> => {
    const { pull, digest } = base;
    if (pull !== undefined)
      return { ...base, pull: async (options) => pull(options).then(() => take(digest)) };
    await take(digest);
    return base;
  };
  return {
    find: async (reference, platform) => {
      const found = await bases.find(reference, platform);
      return found === null ? null : lend(found);
    },
    fetch: async (reference, platform, options) => lend(await bases.fetch(reference, platform, options)),
  };
}

/** A hard link, a copy where the file systems cannot link; nothing when it is there. */
async function linkFile(from: string, to: string): Promise<void> {
  await makeFolders(dirname(to));
  try {
    await link(from, to);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return;
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'].includes(code ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}
