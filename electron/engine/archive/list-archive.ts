import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { type Digest, parseDigest, splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import { encodeManifest, isIndex, parseImageIndex, parseManifest } from '#shared/oci/manifest-codec.ts';
import { layerCompression, MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { familiarReference, type Reference } from '#shared/oci/reference.ts';
import { imageDescriptors } from '#shared/oci/select-platform.ts';
import { digestOf, verifyBytes } from '../../image/content-digest.ts';
import {
  blobPath,
  type DockerArchiveImage,
  layerMediaType,
  nameOfEntry,
  notAnImage,
  parseDockerManifest,
} from './archive-documents.ts';
import type { ArchiveFiles } from './archive-files.ts';

/** One image of an archive, its documents read and checked; its layers are not. */
export interface ListedImage {
  /** What tells it from the others: its manifest's digest, of a docker archive that of its config. */
  readonly id: Digest;
  /** Familiar references that the archive gives it. */
  readonly names: readonly string[];
  readonly platform: Platform;
  /** Null where the archive has none, as in what `docker save` wrote before version 25. */
  readonly rawManifest: Buffer | null;
  /** As it stands there, or put together from what the archive says. */
  readonly manifest: ImageManifest;
  readonly rawConfig: Buffer;
  /** Where each layer lies in the archive, oldest first, in the order of the manifest. */
  readonly layerPaths: readonly string[];
}

/** How deep lists may lie in lists, and how many images are shown of one archive. */
const MAX_DEPTH = 8;
const MAX_IMAGES = 1000;

/**
 * Every image that an OCI image layout or docker archive holds, in its order. What a list names and the archive does not
 * have is left out, as other platforms often are. Throws `malformed`, `digest-mismatch`, `unsupported`.
 */
export async function listArchive(files: ArchiveFiles, signal?: AbortSignal): Promise<ListedImage[]> {
  const images = (await hasFile(files, 'index.json'))
    ? await listLayout(files, signal)
    : await listDockerArchive(files, signal);
  if (images.length > 0) return images;
  throw new AppError('malformed', 'The archive names no image that it also holds.', {
    hint: 'It may be cut off, or hold other things than images. Save the image again.',
  });
}

async function hasFile(files: ArchiveFiles, path: string): Promise<boolean> {
  return (await files.size(path)) !== null;
}

async function listLayout(files: ArchiveFiles, signal?: AbortSignal): Promise<ListedImage[]> {
  const index = parseImageIndex(await files.document('index.json', signal), MEDIA_TYPE.ociIndex);
  const found = new Map<Digest, { descriptor: Descriptor; names: Set<string> }>();
  for (const entry of index.manifests) {
    const name = nameOfEntry(entry);
    for (const descriptor of await flatten(files, entry, 0, signal)) {
      const known = found.get(descriptor.digest) ?? { descriptor, names: new Set<string>() };
      if (name !== null) known.names.add(familiarReference(name));
      found.set(descriptor.digest, known);
      if (found.size > MAX_IMAGES)
        throw new AppError('malformed', `The archive names more than ${MAX_IMAGES} images.`);
    }
  }
  const images: ListedImage[] = [];
  for (const { descriptor, names } of found.values())
    images.push(await readImage(files, descriptor, [...names], signal));
  return images;
}

/** The images that an entry leads to and that are in the archive. */
async function flatten(
  files: ArchiveFiles,
  descriptor: Descriptor,
  depth: number,
  signal?: AbortSignal,
): Promise<Descriptor[]> {
  if (depth > MAX_DEPTH) throw new AppError('malformed', 'The lists of the archive go too deep.');
  if (!(await hasFile(files, blobPath(descriptor.digest)))) return [];
  const bytes = await verified(files, descriptor, signal);
  const document = parseManifest(bytes, descriptor.mediaType);
  if (!isIndex(document)) return [descriptor];
  const inner: Descriptor[] = [];
  for (const each of imageDescriptors(document))
    inner.push(...(await flatten(files, each, depth + 1, signal)));
  return inner;
}

async function verified(files: ArchiveFiles, { digest }: Descriptor, signal?: AbortSignal): Promise<Buffer> {
  const path = blobPath(digest);
  const bytes = await files.document(path, signal);
  verifyBytes(bytes, digest, `${path} of the archive`);
  return bytes;
}

async function readImage(
  files: ArchiveFiles,
  descriptor: Descriptor,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<ListedImage> {
  const rawManifest = await verified(files, descriptor, signal);
  const manifest = parseManifest(rawManifest, descriptor.mediaType);
  if (isIndex(manifest)) throw notAnImage();
  const rawConfig = await verified(files, manifest.config, signal);
  const { platform, diffIds } = parseConfig(rawConfig);
  checkLayers(diffIds.length, manifest.layers.length);
  const layerPaths = manifest.layers.map(({ digest }) => blobPath(digest));
  return { id: descriptor.digest, names, platform, rawManifest, manifest, rawConfig, layerPaths };
}

/** image-spec, config: one diffID a layer. */
function checkLayers(diffIds: number, layers: number): void {
  if (diffIds === layers) return;
  throw new AppError('malformed', `The config lists ${diffIds} layers, the archive ${layers}.`, {
    hint: 'It was made by a faulty tool; save the image again.',
  });
}

async function listDockerArchive(files: ArchiveFiles, signal?: AbortSignal): Promise<ListedImage[]> {
  if (!(await hasFile(files, 'manifest.json'))) throw notAnImage();
  const listed = parseDockerManifest(await files.document('manifest.json', signal)).slice(0, MAX_IMAGES);
  const images: ListedImage[] = [];
  for (const image of listed) images.push(await readDockerImage(files, image, signal));
  return images;
}

async function readDockerImage(
  files: ArchiveFiles,
  image: DockerArchiveImage,
  signal?: AbortSignal,
): Promise<ListedImage> {
  const rawConfig = await files.document(image.config, signal);
  const { platform, diffIds } = parseConfig(rawConfig);
  checkLayers(diffIds.length, image.layers.length);
  const id = digestOf(rawConfig);
  const layers: Descriptor[] = [];
  for (const [i, path] of image.layers.entries())
    layers.push(await describeLayer(files, path, diffIds[i] as Digest, signal));
  const config = { mediaType: MEDIA_TYPE.ociConfig, digest: id, size: rawConfig.length };
  const manifest: ImageManifest = { mediaType: MEDIA_TYPE.ociManifest, config, layers };
  const names = image.names.map((name: Reference) => familiarReference(name));
  // Only what could be a manifest is shown as an image at all.
  encodeManifest(manifest);
  return { id, names, platform, rawManifest: null, manifest, rawConfig, layerPaths: image.layers };
}

/** A layer of a docker archive: bare ones are their own digest; of compressed ones the path may tell it. */
async function describeLayer(
  files: ArchiveFiles,
  path: string,
  diffId: Digest,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const size = await files.size(path);
  if (size === null)
    throw new AppError('malformed', `The archive has no ${path}, although its manifest names it.`, {
      hint: 'The file may be cut off; save the image again.',
    });
  const head: Uint8Array[] = [];
  for await (const chunk of files.read(path, 0, Math.min(size, 8), signal)) head.push(chunk as Uint8Array);
  const mediaType = layerMediaType(Buffer.concat(head));
  const named = /(?:^|\/)([0-9a-f]{64})(?:$|[./])/.exec(path)?.[1];
  const isBare = layerCompression(mediaType) === 'none' || named === undefined;
  const digest = isBare ? diffId : parseDigest(`${splitDigest(diffId).algorithm}:${named}`);
  return { mediaType, digest, size };
}
