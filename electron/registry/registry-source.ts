import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import type { ImageConfig } from '#shared/oci/config.ts';
import { CONFIG_SIZE_LIMIT, parseConfig } from '#shared/oci/config-codec.ts';
import type { DiffId } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { BlobStore } from '../image/blob-store.ts';
import { verifyBytes } from '../image/content-digest.ts';
import { decompressLayer } from '../image/decompress-layer.ts';
import type { Image, ImageSource, Layer } from '../image/image.ts';
import { indexLayer } from '../image/index-layer.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import { openBlob, readBlob, verifyStream } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import type { FetchedManifest } from './manifests.ts';
import type { Repository } from './repository.ts';
import { refuseArtifact, resolveImage } from './resolve.ts';

/** A layer as an image names it. */
export type RemoteLayerName = Pick<Layer, 'digest' | 'diffId' | 'size' | 'mediaType'>;

/** Where the indexes of remote layers are kept; they say the same wherever a layer lives. */
export interface LayerIndexCache {
  get(layer: RemoteLayerName): Promise<LayerIndex | null>;
  put(layer: RemoteLayerName, index: LayerIndex): Promise<void>;
}

/** A layer at a registry. */
export interface RemoteLayer extends Layer {
  /** Bytes of the blob from `start` to before `end`, not checked against the digest. */
  read(start: number, end: number, signal?: AbortSignal): Readable;
  /** The index if it was made before, without a transfer. */
  known(): Promise<LayerIndex | null>;
  /** `onBytes` is told how much of the blob has come, where it must be read. */
  index(signal?: AbortSignal, onBytes?: (done: number) => void): Promise<LayerIndex>;
}

/** An image at a registry. */
export interface RemoteImage extends Image {
  readonly layers: readonly RemoteLayer[];
  /** What the reference names: an index, or the manifest itself. */
  readonly root: FetchedManifest;
}

export interface RegistrySourceOptions {
  readonly platform: Platform;
  readonly indexes?: LayerIndexCache | undefined;
  /** Manifests that are there are not fetched again, so that they count as no pull. */
  readonly store?: BlobStore | undefined;
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
): Promise<RemoteImage> {
  const { store, platform } = options;
  const named = withDefaultTag(reference);
  const { root, image, repository } = await resolveImage(client, named, platform, { store, signal });
  const manifest = image.document;
  refuseArtifact(manifest);
  const rawConfig = await readConfig(client, repository, manifest.config, signal);
  const config = parseConfig(rawConfig);
  if (config.diffIds.length !== manifest.layers.length) throw mismatched(config, manifest.layers.length);
  const layers = manifest.layers.map((descriptor, index) =>
    remoteLayer(client, repository, descriptor, config.diffIds[index] as DiffId, options.indexes),
  );
  const { digest, mediaType, bytes } = image;
  return { digest, mediaType, rawManifest: bytes, manifest, rawConfig, config, layers, root };
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
): RemoteLayer {
  const descriptor: Descriptor = { digest, size, mediaType, ...rest };
  const name = { digest, diffId, size, mediaType };
  const openTar = (
    signal?: AbortSignal,
    onBytes?: (done: number) => void,
  ): AsyncGenerator<Uint8Array, void, void> => {
    const blob = counted(readBlob(client, repository, descriptor, { signal }), onBytes);
    return decompressLayer(verifyStream(blob, digest), mediaType, { signal });
  };
  return {
    ...name,
    read: (start, end, signal) =>
      Readable.from(readPart(client, repository, descriptor, { start, end, signal }), { objectMode: false }),
    compressed: async (signal) => openBlob(client, repository, descriptor, signal),
    uncompressed: async (signal) =>
      Readable.from(verifyStream(openTar(signal), diffId), { objectMode: false, highWaterMark: 1024 * 1024 }),
    known: async () => (await indexes?.get(name)) ?? null,
    index: async (signal, onBytes) => {
      const known = await indexes?.get(name);
      if (known) return known;
      const index = await indexLayer(verifyStream(openTar(signal, onBytes), diffId), { signal });
      await indexes?.put(name, index);
      return index;
    },
  };
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  onBytes: ((done: number) => void) | undefined,
): AsyncGenerator<Buffer, void, void> {
  let done = 0;
  for await (const chunk of chunks) {
    done += chunk.length;
    onBytes?.(done);
    yield chunk;
  }
}

async function* readPart(
  client: RegistryClient,
  repository: Repository,
  descriptor: Descriptor,
  { start, end, signal }: { start: number; end: number; signal: AbortSignal | undefined },
): AsyncGenerator<Buffer, void, void> {
  let left = end - start;
  if (left <= 0) return;
  for await (const chunk of readBlob(client, repository, descriptor, { offset: start, signal })) {
    yield chunk.length <= left ? chunk : chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
