import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { formatPlatform, samePlatform } from '#shared/oci/platform.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import type { BaseImage, BaseImages } from '../../build/solve/base-images.ts';
import type { RegistryClient } from '../../registry/client.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';

/** Base images from the store, else from their registry. The client is made when it is first needed. */
export function createBaseImages(store: Store, client: () => Promise<RegistryClient>): BaseImages {
  const open = async (record: ImageRecord): Promise<BaseImage> => ({
    record,
    config: parseConfig(await store.content.read(record.configDigest)),
  });
  return {
    find: async (reference, platform) => {
      const name = await store.names.resolve(reference);
      const record = name === null ? null : await store.images.get(name.digest);
      if (record === null || !samePlatform(record.platform, platform)) return null;
      // Wanted from now on: no clean-up may take its layers while the build runs.
      const whole = await Promise.all(
        record.layers.map((layer) => store.content.touch(layer.digest, layer.size)),
      );
      return whole.every(Boolean) ? open(record) : null;
    },
    fetch: async (reference, platform, { signal, log }) => {
      log(`Pulling ${familiarReference(reference)} for ${formatPlatform(platform)}\n`);
      try {
        // Registries are loaded with the first pull: most builds find their base in the store.
        const { pullIntoStore } = await import('./pull.ts');
        const options = { platform, signal, onBlob: describeBlobs(log) };
        return await open(await pullIntoStore(store, await client(), reference, options));
      } catch (error) {
        throw baseError(error, familiarReference(reference));
      }
    },
  };
}

/** One line for each layer that has come. */
function describeBlobs(log: (text: string) => void) {
  return ({ descriptor, state }: { descriptor: { digest: string; size: number }; state: string }) => {
    if (state === 'done') log(`${descriptor.digest.slice(0, 19)}  ${descriptor.size} bytes\n`);
  };
}

/** The error of a registry, with the base image it is about. What is missing is a base image here, not just a tag. */
function baseError(error: unknown, name: string): unknown {
  if (!(error instanceof AppError) || error.code === 'cancelled') return error;
  if (error.code !== 'not-found')
    return new AppError(error.code, `The base image ${name} could not be fetched: ${error.message}`, {
      hint: error.hint,
      detail: error.detail,
      cause: error,
    });
  return new AppError('base-not-found', `The base image ${name} was not found: ${error.message}`, {
    hint: error.hint ?? 'Check the spelling of the name and the tag.',
    detail: error.detail,
    cause: error,
  });
}
