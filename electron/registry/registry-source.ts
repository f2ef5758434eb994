import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import type { ImageConfig } from '#shared/oci/config.ts';
import { CONFIG_SIZE_LIMIT, parseConfig } from '#shared/oci/config-codec.ts';
import type { DiffId } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { verifyBytes } from '../image/content-digest.ts';
import { decompressLayer } from '../image/decompress-layer.ts';
import type { Image, ImageSource, Layer } from '../image/image.ts';
import { indexLayer } from '../image/index-layer.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import { openBlob, readBlob, verifyStream } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import type { Repository } from './repository.ts';
import { refuseArtifact, resolveImage } from './resolve.ts';

/** Where the indexes of remote layers are kept, by diffID; they say the same wherever a layer lives. */
export interface LayerIndexCache {
  get(diffId: DiffId): Promise<LayerIndex | null>;
  put(index: LayerIndex): Promise<void>;
}

export interface RegistrySourceOptions {
  readonly platform: Platform;
  readonly indexes?: LayerIndexCache | undefined;
}

/** Images as they lie in registries: only manifest and config are fetched, layers stream when they are read. */
export function createRegistrySource(client: RegistryClient, options: RegistrySourceOptions): ImageSource {
  return { open: (reference, signal) => openRemoteImage(client, reference, options, signal) };
}

/** An image where it is. Throws `not-found`, `unsupported` for what is no image, and what a registry refuses with. */
export async function openRemoteImage(
  client: RegistryClient,
  reference: Reference,
  options: RegistrySourceOptions,
  signal?: AbortSignal,
): Promise<Image> {
  const { image, repository } = await resolveImage(client, withDefaultTag(reference), options.platform, {
    signal,
  });
  const manifest = image.document;
  refuseArtifact(manifest);
  const rawConfig = await readConfig(client, repository, manifest.config, signal);
  const config = parseConfig(rawConfig);
  if (config.diffIds.length !== manifest.layers.length) throw mismatched(config, manifest.layers.length);
  const layers = manifest.layers.map((descriptor, index) =>
    remoteLayer(client, repository, descriptor, config.diffIds[index] as DiffId, options.indexes),
  );
  const { digest, mediaType, bytes } = image;
  return { digest, mediaType, rawManifest: bytes, manifest, rawConfig, config, layers };
}

function mismatched(config: ImageConfig, layers: number): AppError {
  return new AppError(
    'malformed',
    `The image lists ${layers} layers, but its config ${config.diffIds.length}.`,
    {
      hint: 'It was made by a faulty tool; build and push it again.',
    },
  );
}

async function readConfig(
  client: RegistryClient,
  repository: Repository,
  descriptor: Descriptor,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (descriptor.size > CONFIG_SIZE_LIMIT)
    throw new AppError('malformed', `The image config has ${descriptor.size} bytes, more than are allowed.`);
  const chunks: Buffer[] = [];
  for await (const chunk of readBlob(client, repository, descriptor, { signal })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  verifyBytes(bytes, descriptor.digest, 'The image config');
  return bytes;
}

function remoteLayer(
  client: RegistryClient,
  repository: Repository,
  { digest, size, mediaType, ...rest }: Descriptor,
  diffId: DiffId,
  indexes: LayerIndexCache | undefined,
): Layer {
  const descriptor: Descriptor = { digest, size, mediaType, ...rest };
  const openTar = (signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> =>
    decompressLayer(verifyStream(readBlob(client, repository, descriptor, { signal }), digest), mediaType, {
      signal,
    });
  return {
    digest,
    diffId,
    size,
    mediaType,
    compressed: async (signal) => openBlob(client, repository, descriptor, signal),
    uncompressed: async (signal) =>
      Readable.from(verifyStream(openTar(signal), diffId), { objectMode: false, highWaterMark: 1024 * 1024 }),
    index: async (signal) => {
      const known = await indexes?.get(diffId);
      if (known) return known;
      const index = await indexLayer(verifyStream(openTar(signal), diffId), { signal });
      await indexes?.put(index);
      return index;
    },
  };
}
