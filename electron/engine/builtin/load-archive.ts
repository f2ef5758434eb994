import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageIndex } from '#shared/oci/manifest.ts';
import { encodeManifest, isIndex, parseImageIndex, parseManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { selectPlatform } from '#shared/oci/select-platform.ts';
import { isMissing } from '../../platform/file-errors.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import type { Store } from '../../store/store.ts';
import type { ProgressOptions } from '../ports.ts';
import { type ArchiveContents, type ArchivedFile, readArchive } from './read-archive.ts';

/** An image of an archive: its manifest is in the content store. */
interface FoundImage {
  readonly manifest: Digest;
  readonly names: readonly Reference[];
}

/**
 * Loads every image of an archive into the store: an OCI image layout or a docker archive, as a tar that may be packed.
 * Nothing is named before all of an image is there and its layers are checked. Throws `not-found`, `malformed`,
 * `digest-mismatch`, `unsafe-archive`.
 */
export async function loadArchive(
  store: Store,
  path: string,
  options: ProgressOptions,
): Promise<{ references: string[]; digest: string }> {
  const size = await stat(path).then(
    (found) => found.size,
    (error) => {
      if (!isMissing(error)) throw error;
      throw new AppError('not-found', `There is no file ${path}.`, {
        detail: { kind: 'path', path },
        cause: error,
      });
    },
  );
  const lease = await store.lease();
  try {
    const contents = await readArchive(store.content, path, size, options);
    const images = contents.has('index.json')
      ? readLayout(contents)
      : await readDockerArchive(store, contents);
    const [first] = images;
    if (first === undefined) throw notAnImage();
    for (const image of images) await addLoaded(store, image, options.signal);
    const references = images.flatMap((image) => image.names.map(familiarReference));
    return { references, digest: first.manifest };
  } finally {
    await lease.release();
  }
}

async function addLoaded(store: Store, { manifest, names }: FoundImage, signal: AbortSignal): Promise<void> {
  const record = await store.addImage(manifest);
  try {
    for (const layer of record.layers) await store.layers.index(layer, signal);
  } catch (error) {
    await store.images.remove(manifest);
    throw error;
  }
  await store.setNames(names, manifest, 'load');
  await store.refreshLayout();
}

/** image-spec, image layout. */
function readLayout(contents: ArchiveContents): FoundImage[] {
  const index = parseImageIndex(documentAt(contents, 'index.json'), MEDIA_TYPE.ociIndex);
  return index.manifests.map((descriptor) => ({
    manifest: imageIn(contents, descriptor),
    names: namesOf(descriptor),
  }));
}

/** The manifest a descriptor leads to: of an index, the one for this machine. */
function imageIn(contents: ArchiveContents, descriptor: Descriptor): Digest {
  const document = parseManifest(documentAt(contents, blobPath(descriptor.digest)), descriptor.mediaType);
  if (!isIndex(document)) return descriptor.digest;
  return imageIn(contents, selectPlatform(document as ImageIndex, hostPlatform()));
}

function namesOf({ annotations }: Descriptor): Reference[] {
  const text =
    annotations?.['io.containerd.image.name'] ?? annotations?.['org.opencontainers.image.ref.name'];
  if (text === undefined) return [];
  try {
    return [withDefaultTag(parseReference(text))];
  } catch {
    // The field may hold any text, such as a bare tag that names no repository.
    return [];
  }
}

const dockerManifest = z.array(
  z.object({ Config: z.string(), RepoTags: z.array(z.string()).nullish(), Layers: z.array(z.string()) }),
);

/** What `docker save` writes: `manifest.json` names a config and layers by path. */
async function readDockerArchive(store: Store, contents: ArchiveContents): Promise<FoundImage[]> {
  const parsed = dockerManifest.safeParse(JSON.parse(documentAt(contents, 'manifest.json').toString('utf8')));
  if (!parsed.success)
    throw new AppError('malformed', 'The manifest.json of the archive is not what docker writes.');
  const images: FoundImage[] = [];
  for (const { Config, RepoTags, Layers } of parsed.data) {
    const config = fileAt(contents, Config);
    parseConfig(documentAt(contents, Config));
    const layers = Layers.map((path) => layerDescriptor(fileAt(contents, path)));
    const { digest, size } = config;
    const bytes = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest, size },
      layers,
    });
    const manifest = await store.content.put(bytes);
    images.push({
      manifest: manifest.digest,
      names: (RepoTags ?? []).map((tag) => withDefaultTag(parseReference(tag))),
    });
  }
  return images;
}

function layerDescriptor({ digest, size, head }: ArchivedFile): Descriptor {
  const hex = head.toString('hex');
  const packed = hex.startsWith('1f8b')
    ? MEDIA_TYPE.ociLayerGzip
    : hex.startsWith('28b52ffd')
      ? MEDIA_TYPE.ociLayerZstd
      : MEDIA_TYPE.ociLayer;
  return { mediaType: packed, digest, size };
}

function blobPath(digest: Digest): string {
  const { algorithm, hex } = splitDigest(digest);
  return `blobs/${algorithm}/${hex}`;
}

function fileAt(contents: ArchiveContents, path: string): ArchivedFile {
  const file = contents.get(path.replace(/^\.\//, ''));
  if (file !== undefined) return file;
  if (path === 'manifest.json') throw notAnImage();
  throw new AppError('malformed', `The archive has no ${path}, although its manifest names it.`, {
    hint: 'The file may be cut off; save the image again.',
  });
}

function documentAt(contents: ArchiveContents, path: string): Buffer {
  const { document } = fileAt(contents, path);
  if (document === null) throw new AppError('malformed', `${path} is too large for what it should be.`);
  return document;
}

function notAnImage(): AppError {
  return new AppError(
    'malformed',
    'The file is no image archive: it has neither index.json nor manifest.json.',
    {
      hint: 'Choose a file that "docker save", "strata save" or skopeo wrote.',
    },
  );
}
