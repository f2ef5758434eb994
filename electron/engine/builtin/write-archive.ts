import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { canonicalReference, familiarReference } from '#shared/oci/reference.ts';
import { encodeEntryHeader, TAR_END, tarPadding } from '../../image/tar/encode-entry.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { referenceOf } from '../../store/names.ts';
import { blobsOf } from '../../store/remove-image.ts';
import type { Store } from '../../store/store.ts';

/**
 * An image as one tar. `oci` is an OCI image layout; `docker` is the same layout with the `manifest.json` that
 * `docker load` reads, so that both kinds of readers find what they know. The bytes depend on the image alone.
 */
export async function* writeArchive(
  store: Store,
  image: ImageRecord,
  format: 'oci' | 'docker',
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const names = (await store.names.list()).filter((name) => name.digest === image.digest).map(referenceOf);
  yield* textEntry('oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  yield directory('blobs');
  yield directory('blobs/sha256');
  const blobs = new Map(blobsOf(image).map((blob) => [blob.digest, blob.size]));
  for (const [digest, size] of [...blobs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    signal.throwIfAborted();
    yield fileHeader(blobPath(digest), size);
    for await (const chunk of store.content.open(digest)) yield chunk as Uint8Array;
    yield new Uint8Array(tarPadding(size));
  }
  const { os, architecture, variant } = image.platform;
  const descriptor = {
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.manifestSize,
    platform: { architecture, os, variant },
  };
  const manifests = names.map((name) => ({
    ...descriptor,
    annotations: {
      'io.containerd.image.name': canonicalReference(name),
      'org.opencontainers.image.ref.name': familiarReference(name),
    },
  }));
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: manifests.length > 0 ? manifests : [descriptor],
  };
  yield* textEntry('index.json', JSON.stringify(index));
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
