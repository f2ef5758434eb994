import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { parseImageIndex } from '#shared/oci/manifest-codec.ts';
import type { Reference } from '#shared/oci/reference.ts';
import { digestOf } from '../image/content-digest.ts';
import type { Image } from '../image/image.ts';
import type { RegistryClient } from './client.ts';
import { type PushBlob, type PushOptions, pushWithBlobs, putPushed } from './push-blobs.ts';
import { ownRepository, selectorOf } from './repository.ts';
import { contentOfBytes, contentOfStream } from './upload-content.ts';

/**
 * Pushes an image under the tag of `target`, or under its digest where `target` has no tag but a digest: blobs side by
 * side (those that are there are skipped), the manifest last. Returns what the tag names then.
 */
export async function pushImage(
  client: RegistryClient,
  image: Image,
  target: Reference,
  options: PushOptions = {},
): Promise<Descriptor> {
  const { mediaType, digest, rawManifest: bytes } = image;
  const manifest = { selector: pushSelector(target, digest), bytes, mediaType };
  await pushWithBlobs(client, ownRepository(client, target), blobsOf(image), manifest, options);
  return { mediaType, digest, size: bytes.length };
}

/**
 * Pushes several images and then the index that lists them, as it is. Throws `invalid-input` where the index lists an
 * image that is not among them.
 */
export async function pushIndex(
  client: RegistryClient,
  index: { readonly bytes: Uint8Array; readonly mediaType: string },
  images: readonly Image[],
  target: Reference,
  options: PushOptions = {},
): Promise<Descriptor> {
  const { manifests } = parseImageIndex(index.bytes, index.mediaType);
  const missing = manifests.find((each) => !images.some((image) => image.digest === each.digest));
  if (missing !== undefined)
    throw new AppError('invalid-input', `The index lists ${missing.digest}, which is not here to be pushed.`);
  for (const image of images) {
    const { mediaType, rawManifest: bytes } = image;
    const manifest = { selector: image.digest, bytes, mediaType };
    await pushWithBlobs(client, ownRepository(client, target), blobsOf(image), manifest, options);
  }
  const digest = digestOf(index.bytes);
  const manifest = { selector: pushSelector(target, digest), ...index };
  await putPushed(client, ownRepository(client, target), manifest, options);
  return { mediaType: index.mediaType, digest, size: index.bytes.length };
}

/** The name to push under: the tag, else the digest where `target` names one, else `latest`. */
export function pushSelector(target: Reference, digest: Digest): string {
  if (target.tag === undefined && target.digest !== undefined) return digest;
  return selectorOf({ ...target, digest: undefined });
}

/** Whether a layer lives elsewhere by its nature (Windows base layers) and is not sent. */
export function isForeignLayer({ mediaType, urls }: Descriptor): boolean {
  return urls !== undefined && /foreign|nondistributable/.test(mediaType);
}

/** Each different blob once: the layers, then the config. */
function blobsOf(image: Image): readonly PushBlob[] {
  const blobs = new Map<Digest, PushBlob>();
  image.layers.forEach((layer, index) => {
    const descriptor = image.manifest.layers[index];
    if (descriptor === undefined || isForeignLayer(descriptor) || blobs.has(layer.digest)) return;
    const content = contentOfStream(layer.digest, layer.size, (signal) => layer.compressed(signal));
    blobs.set(layer.digest, { descriptor, content });
  });
  const { config } = image.manifest;
  blobs.set(config.digest, { descriptor: config, content: contentOfBytes(config.digest, image.rawConfig) });
  return [...blobs.values()];
}
