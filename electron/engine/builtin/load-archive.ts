import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageIndex } from '#shared/oci/manifest.ts';
import { encodeManifest, isIndex, parseImageIndex, parseManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { familiarReference, type Reference } from '#shared/oci/reference.ts';
import { imageDescriptors, selectPlatform } from '#shared/oci/select-platform.ts';
import { isMissing } from '../../platform/file-errors.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import { documentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import {
  blobPath,
  layerMediaType,
  missingFile,
  nameOfEntry,
  notAnImage,
  parseDockerManifest,
  tooLarge,
} from '../archive/archive-documents.ts';
import { openFolderFiles } from '../archive/folder-files.ts';
import type { ProgressOptions, TakenImage } from '../ports.ts';
import { type ArchiveContents, type ArchivedFile, readArchive } from './read-archive.ts';
import { readLayoutFolder } from './read-layout-folder.ts';

/** An image of an archive, or an index with its images: the manifests are in the content store. */
interface FoundImage {
  /** Of an index, that for this machine. */
  readonly manifest: Digest;
  /** Images of the same index for other platforms. */
  readonly others: readonly Digest[];
  readonly index?: { readonly digest: Digest; readonly size: number; readonly document: ImageIndex };
  readonly names: readonly Reference[];
  readonly repacked: boolean;
}

/** The images that an entry of a layout leads to. */
type ImagesOfEntry = Pick<FoundImage, 'manifest' | 'others' | 'index'>;

/**
 * Loads every image of an archive into the store: an OCI image layout or a docker archive, as a folder or as a tar that
 * may be packed.
 * Nothing is named before all of an image is there and its layers are checked. Throws `not-found`, `malformed`,
 * `digest-mismatch`, `unsafe-archive`.
 */
export async function loadArchive(
  store: Store,
  path: string,
  options: ProgressOptions,
): Promise<{ references: string[]; digest: string }> {
  const found = await stat(path).catch((error) => {
    if (!isMissing(error)) throw error;
    throw new AppError('not-found', `There is no file or folder ${path}.`, {
      detail: { kind: 'path', path },
      cause: error,
    });
  });
  const { signal } = options;
  const lease = await store.lease();
  try {
    const contents = found.isDirectory()
      ? await readLayoutFolder(store.content, openFolderFiles(path), options)
      : await readFile(store, path, found.size, options);
    const images = contents.has('index.json')
      ? readLayout(contents)
      : await readDockerArchive(store, contents);
    const [first] = images;
    if (first === undefined) throw notAnImage();
    for (const image of images) await addLoaded(store, image, image.names, signal);
    const references = images.flatMap((image) => image.names.map(familiarReference));
    return { references, digest: first.index?.digest ?? first.manifest };
  } finally {
    await lease.release();
  }
}

function readFile(
  store: Store,
  path: string,
  size: number,
  options: ProgressOptions,
): Promise<ArchiveContents> {
  const { signal } = options;
  const file = createReadStream(path, { highWaterMark: 1 << 20, signal });
  return readArchive(store.content, counted(file, size, options), { signal, compress: false });
}

/**
 * Takes the first image of a streamed archive, see ImageArchives. An image layout that is complete keeps its manifest,
 * and with it the digest; what Docker writes of its classic store is given a manifest here.
 */
export async function takeArchive(
  store: Store,
  archive: AsyncIterable<Uint8Array>,
  options: ProgressOptions & { names?: readonly Reference[] | undefined; size: number },
): Promise<TakenImage> {
  const { signal } = options;
  const lease = await store.lease();
  try {
    const contents = await readArchive(store.content, counted(archive, options.size, options), {
      signal,
      compress: true,
    });
    const image = completeLayout(contents) ?? (await readDockerArchive(store, contents))[0];
    if (image === undefined) throw notAnImage();
    const names = options.names ?? image.names;
    const record = await addLoaded(store, image, names, signal);
    return {
      references: names.map(familiarReference),
      digest: record.digest,
      imageId: record.configDigest,
      repacked: image.repacked,
    };
  } finally {
    await lease.release();
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  total: number,
  { onProgress }: ProgressOptions,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of source) {
    done += chunk.length;
    onProgress({ done, total: Math.max(total, done), unit: 'bytes' });
    yield chunk;
  }
}

async function addLoaded(
  store: Store,
  { manifest, others, index }: FoundImage,
  names: readonly Reference[],
  signal: AbortSignal,
): Promise<ImageRecord> {
  const record = await addChecked(store, manifest, signal);
  for (const other of others) {
    await addChecked(store, other, signal).catch((error) => {
      // An archive may hold the manifests of all platforms and the layers of one.
      if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
    });
  }
  if (index !== undefined)
    await store.documents.put(documentRecord(index.digest, index.size, index.document));
  await store.setNames(names, { digest: manifest, indexDigest: index?.digest }, 'load');
  await store.refreshLayout();
  return record;
}

async function addChecked(store: Store, manifest: Digest, signal: AbortSignal): Promise<ImageRecord> {
  const isNew = (await store.images.get(manifest)) === null;
  const record = await store.addImage(manifest);
  try {
    for (const layer of record.layers) await store.layers.index(layer, signal);
  } catch (error) {
    if (isNew) await store.images.remove(manifest);
    throw error;
  }
  return record;
}

/** Images of one archive, at most. */
const MAX_IMAGES = 1000;

/** image-spec, image layout. */
function readLayout(contents: ArchiveContents): FoundImage[] {
  const index = parseImageIndex(documentAt(contents, 'index.json'), MEDIA_TYPE.ociIndex);
  if (index.manifests.length > MAX_IMAGES)
    throw new AppError('malformed', `The archive names more than ${MAX_IMAGES} images.`, {
      hint: 'It was made by a faulty tool, or to do harm.',
    });
  return index.manifests.map((descriptor) => {
    const name = nameOfEntry(descriptor);
    return {
      ...imagesIn(contents, descriptor),
      names: name === null ? [] : [name],
      repacked: false,
    };
  });
}

/** Lists within lists, at most: an archive could name its lists in a circle. */
const MAX_DEPTH = 8;

/**
 * What a descriptor leads to: an image, or an index with the image for this machine and the others that are in the
 * archive. One that only lists another index stands for that one.
 */
function imagesIn(contents: ArchiveContents, descriptor: Descriptor, depth = 0): ImagesOfEntry {
  if (depth > MAX_DEPTH) throw new AppError('malformed', 'The lists of the archive go too deep.');
  const document = parseManifest(documentAt(contents, blobPath(descriptor.digest)), descriptor.mediaType);
  if (!isIndex(document)) return { manifest: descriptor.digest, others: [] };
  const chosen = chosenOf(contents, document);
  const inner = imagesIn(contents, chosen, depth + 1);
  if (inner.manifest !== chosen.digest) return inner;
  const others = imageDescriptors(document).filter(
    (each) => each.digest !== chosen.digest && isThere(contents, each),
  );
  const { digest, size } = descriptor;
  return {
    manifest: inner.manifest,
    others: others.map((each) => each.digest),
    index: { digest, size, document },
  };
}

/** The image for this machine, else the first that is in the archive. */
function chosenOf(contents: ArchiveContents, index: ImageIndex): Descriptor {
  const there = imageDescriptors(index).filter((each) => isThere(contents, each));
  const [first] = there;
  try {
    return selectPlatform(there.length === 0 ? index : { ...index, manifests: there }, hostPlatform());
  } catch (error) {
    if (first !== undefined && error instanceof AppError && error.code === 'not-found') return first;
    throw error;
  }
}

function isThere(contents: ArchiveContents, { digest }: Descriptor): boolean {
  return contents.has(blobPath(digest));
}

/**
 * The image of a layout whose blobs all came as the manifest names them; null where there is no layout, it lacks a
 * platform's blobs, or layers had to be compressed.
 */
function completeLayout(contents: ArchiveContents): FoundImage | null {
  if (!contents.has('index.json')) return null;
  if (!contents.has('manifest.json')) return readLayout(contents)[0] ?? null;
  const index = parseImageIndex(documentAt(contents, 'index.json'), MEDIA_TYPE.ociIndex);
  for (const descriptor of index.manifests) {
    if (!contents.has(blobPath(descriptor.digest))) continue;
    const { manifest } = imagesIn(contents, descriptor);
    if (!contents.has(blobPath(manifest))) continue;
    const document = parseManifest(documentAt(contents, blobPath(manifest)));
    if (isIndex(document)) continue;
    const blobs = [document.config, ...document.layers];
    const isWhole = blobs.every(({ digest }) => contents.get(blobPath(digest))?.digest === digest);
    const name = nameOfEntry(descriptor);
    if (isWhole) return { manifest, others: [], names: name === null ? [] : [name], repacked: false };
  }
  return null;
}

/** What `docker save` writes: `manifest.json` names a config and layers by path. */
async function readDockerArchive(store: Store, contents: ArchiveContents): Promise<FoundImage[]> {
  const images: FoundImage[] = [];
  for (const image of parseDockerManifest(documentAt(contents, 'manifest.json'))) {
    const { digest, size } = fileAt(contents, image.config);
    parseConfig(documentAt(contents, image.config));
    const files = image.layers.map((path) => fileAt(contents, path));
    const bytes = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest, size },
      layers: files.map((file) => ({
        mediaType: layerMediaType(file.head),
        digest: file.digest,
        size: file.size,
      })),
    });
    const manifest = await store.content.put(bytes);
    images.push({
      manifest: manifest.digest,
      others: [],
      names: image.names,
      repacked: files.some((file) => file.repacked),
    });
  }
  return images;
}

function fileAt(contents: ArchiveContents, path: string): ArchivedFile {
  const file = contents.get(path);
  if (file !== undefined) return file;
  throw path === 'manifest.json' ? notAnImage() : missingFile(path);
}

function documentAt(contents: ArchiveContents, path: string): Buffer {
  const { document } = fileAt(contents, path);
  if (document === null) throw tooLarge(path);
  return document;
}
