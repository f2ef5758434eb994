import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { canonicalReference, familiarReference, type Reference } from '#shared/oci/reference.ts';
import { encodeEntryHeader, TAR_END, tarPadding } from '../../image/tar/encode-entry.ts';
import type { DocumentRecord } from '../../store/document-records.ts';
import type { FoundImage } from '../../store/find-image.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { referenceOf } from '../../store/names.ts';
import { blobsOf } from '../../store/remove-image.ts';
import type { Store } from '../../store/store.ts';

/** A tar that is not written yet: its exact size in bytes, and its bytes when they are wanted. */
export interface PlannedArchive {
  readonly size: number;
  write(signal: AbortSignal): AsyncGenerator<Uint8Array>;
}

/** Bytes that are at hand, or a blob of the store. */
type Part = Uint8Array | { readonly blob: Digest; readonly size: number };

/**
 * An image, or an index with all its images, as one tar. `oci` is an OCI image layout; `docker` is the same layout with
 * the `manifest.json` that `docker load` reads, so that both kinds of readers find what they know; of an index it names
 * the image for this machine. The bytes depend on the images and their names alone. Default names: all that the store
 * has for it.
 */
export async function planArchive(
  store: Store,
  found: FoundImage,
  options: { readonly format: 'oci' | 'docker'; readonly names?: readonly Reference[] | undefined },
): Promise<PlannedArchive> {
  const names = options.names ?? (await namesOf(store, found));
  const parts = [...layoutParts(found, names, options.format)];
  return {
    size: parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part.size), 0),
    async *write(signal) {
      for (const part of parts) {
        signal.throwIfAborted();
        if (part instanceof Uint8Array) yield part;
        else for await (const chunk of store.content.open(part.blob)) yield chunk as Uint8Array;
      }
    },
  };
}

async function namesOf(store: Store, { image, index }: FoundImage): Promise<Reference[]> {
  return (await store.names.list())
    .filter(({ digest, indexDigest }) =>
      index === null ? digest === image.digest : indexDigest === index.record.digest,
    )
    .map(referenceOf);
}

function* layoutParts(
  { image, index }: FoundImage,
  names: readonly Reference[],
  format: 'oci' | 'docker',
): Generator<Part> {
  yield* textEntry('oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  yield directory('blobs');
  yield directory('blobs/sha256');
  const all = index === null ? blobsOf(image) : [index.record, ...index.images.flatMap(blobsOf)];
  const blobs = new Map(all.map((blob) => [blob.digest, blob.size]));
  for (const [blob, size] of [...blobs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield fileHeader(blobPath(blob), size);
    yield { blob, size };
    yield new Uint8Array(tarPadding(size));
  }
  const descriptor = index === null ? imageDescriptor(image) : indexDescriptor(index.record);
  yield* textEntry('index.json', JSON.stringify(layoutIndex(descriptor, names)));
  if (format === 'docker') {
    const entry = {
      Config: blobPath(image.configDigest),
      RepoTags: names.filter((name) => name.digest === undefined).map(familiarReference),
      Layers: image.layers.map((layer) => blobPath(layer.digest)),
    };
    yield* textEntry('manifest.json', JSON.stringify([entry]));
  }
  yield TAR_END;
}

function layoutIndex(descriptor: object, names: readonly Reference[]): object {
  const manifests = names.map((name) => ({
    ...descriptor,
    annotations: {
      'io.containerd.image.name': canonicalReference(name),
      'org.opencontainers.image.ref.name': familiarReference(name),
    },
  }));
  return {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: manifests.length > 0 ? manifests : [descriptor],
  };
}

function imageDescriptor({ mediaType, digest, manifestSize, platform }: ImageRecord) {
  const { os, architecture, variant } = platform;
  return { mediaType, digest, size: manifestSize, platform: { architecture, os, variant } };
}

function indexDescriptor({ mediaType, digest, size }: DocumentRecord) {
  return { mediaType, digest, size };
}

function blobPath(digest: Digest): string {
  const { algorithm, hex } = splitDigest(digest);
  return `blobs/${algorithm}/${hex}`;
}

const COMMON = { uid: 0, gid: 0, mtime: 0 };

function directory(path: string): Uint8Array {
  return encodeEntryHeader({ ...COMMON, path, type: 'directory', mode: 0o755, size: 0 });
}

function fileHeader(path: string, size: number): Uint8Array {
  return encodeEntryHeader({ ...COMMON, path, type: 'file', mode: 0o644, size });
}

function* textEntry(path: string, text: string): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  yield fileHeader(path, bytes.length);
  yield bytes;
  yield new Uint8Array(tarPadding(bytes.length));
}
