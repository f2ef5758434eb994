import { AppError } from '#shared/errors/app-error.ts';
import type { ImageConfig } from '#shared/oci/config.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { ImageManifest } from '#shared/oci/manifest.ts';
import { parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { formatPlatform, type Platform, samePlatform } from '#shared/oci/platform.ts';
import { familiarReference, type Reference } from '#shared/oci/reference.ts';
import type { BaseImage, BaseImages, FetchOptions } from '../../build/solve/base-images.ts';
import type { RegistryClient } from '../../registry/client.ts';
import type { ImageRecord, LayerRecord } from '../../store/image-records.ts';
import type { NameRecord } from '../../store/names.ts';
import type { Store } from '../../store/store.ts';
import { type ResolvedBase, ResolvedBases } from './resolved-bases.ts';

/**
 * Base images from the store, else from their registry: first what they are, their layers when they are wanted. The
 * client is made when it is first needed.
 */
export function createBaseImages(store: Store, client: () => Promise<RegistryClient>): BaseImages {
  const resolved = new ResolvedBases(store);
  const waiting = async (
    reference: Reference,
    platform: Platform,
    base: ResolvedBase,
  ): Promise<BaseImage> => {
    const document = parseImageManifest(await store.content.read(base.manifest));
    const config = parseConfig(await store.content.read(document.config.digest));
    const pull = async ({ signal, log }: FetchOptions): Promise<void> => {
      log(`Pulling ${familiarReference(reference)} for ${formatPlatform(platform)}\n`);
      try {
        const { pullIntoStore } = await import('./pull.ts');
        const pinned = { ...reference, digest: base.root };
        const options = {
          platform,
          signal,
          onBlob: describeBlobs(log),
          baseName: reference,
          checksLayers: true,
        };
        await pullIntoStore(store, await client(), pinned, options);
        await resolved.remove(reference, platform);
      } catch (error) {
        throw baseError(error, familiarReference(reference));
      }
    };
    return { digest: base.manifest, layers: layersOf(document, config), config, pull };
  };
  return {
    find: async (reference, platform) => {
      const name = await store.names.resolve(reference);
      const base = await resolved.get(reference, platform);
      // The later one counts: a registry that was asked since, or a name that was moved since.
      const isNewer = base !== null && base.at > (name?.movedAt ?? 0);
      const here = name === null || isNewer ? null : await findWhole(store, name, platform);
      if (here !== null) return open(store, here);
      if (base === null || !(await hasHead(store, base))) return null;
      return waiting(reference, platform, base);
    },
    fetch: async (reference, platform, { signal, log }) => {
      log(`Looking up ${familiarReference(reference)} for ${formatPlatform(platform)}\n`);
      try {
        // Registries are loaded with the first look-up: most builds find their base in the store.
        const { resolveIntoStore } = await import('./pull.ts');
        const base = await resolveIntoStore(store, await client(), reference, { platform, signal });
        await resolved.put(reference, platform, base);
        return await waiting(reference, platform, base);
      } catch (error) {
        throw baseError(error, familiarReference(reference));
      }
    },
  };
}

async function open(store: Store, { digest, layers, configDigest }: ImageRecord): Promise<BaseImage> {
  return { digest, layers, config: parseConfig(await store.content.read(configDigest)) };
}

/** The image that a name stands for, itself or by its index, if all of it is here. */
async function findWhole(store: Store, name: NameRecord, platform: Platform): Promise<ImageRecord | null> {
  const index = name.indexDigest === undefined ? null : await store.documents.get(name.indexDigest);
  const candidates = [name.digest, ...(index?.children ?? [])];
  for (const digest of candidates) {
    const record = await store.images.get(digest);
    if (record === null || !samePlatform(record.platform, platform)) continue;
    // Wanted from now on: no clean-up may take its layers while the build runs.
    const whole = await Promise.all(
      record.layers.map((layer) => store.content.touch(layer.digest, layer.size)),
    );
    if (whole.every(Boolean)) return record;
  }
  return null;
}

/** Whether the manifests and the config are still here; they are wanted from now on. */
async function hasHead(store: Store, { root, manifest }: ResolvedBase): Promise<boolean> {
  if (!(await store.content.touch(root)) || !(await store.content.touch(manifest))) return false;
  const { config } = parseImageManifest(await store.content.read(manifest));
  return store.content.touch(config.digest, config.size);
}

function layersOf(document: ImageManifest, { diffIds }: ImageConfig): LayerRecord[] {
  if (diffIds.length !== document.layers.length) {
    throw new AppError(
      'malformed',
      `The config lists ${diffIds.length} layers, the manifest ${document.layers.length}.`,
    );
  }
  return document.layers.flatMap(({ digest, size, mediaType }, i) => {
    const diffId = diffIds[i];
    return diffId === undefined ? [] : [{ digest, diffId, size, mediaType }];
  });
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
