import { AppError } from '#shared/errors/app-error.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { type CachePlace, describePlace } from '../../../build/shared-cache/cache-address.ts';
import type { CacheBlob, CacheStorage } from '../../../build/shared-cache/cache-storage.ts';
import { reportBlob } from '../../../registry/blob-progress.ts';
import { readBlob } from '../../../registry/blobs.ts';
import type { RegistryClient } from '../../../registry/client.ts';
import { fetchIfThere } from '../../../registry/manifests.ts';
import { pullBlob } from '../../../registry/pull-blob.ts';
import { pushWithBlobs } from '../../../registry/push-blobs.ts';
import { ownRepository, selectorOf } from '../../../registry/repository.ts';
import { contentOfBytes, contentOfStream } from '../../../registry/upload-content.ts';
import type { Store } from '../../../store/store.ts';
import { mountSources } from '../push.ts';

/** A shared cache under a tag of a repository, which may hold images, too. Never asked by way of a mirror. */
export function createRegistryStorage(place: CachePlace, store: Store, client: RegistryClient): CacheStorage {
  if (place.kind !== 'registry') throw new AppError('internal', `${describePlace(place)} is at no registry.`);
  const { reference } = place;
  const repository = ownRepository(client, reference);
  return {
    title: describePlace(place),
    manifest: async (signal) => {
      const found = await fetchIfThere(client, repository, selectorOf(reference), signal);
      return found === null ? null : Buffer.from(found.bytes);
    },
    read: (blob, signal) => readBlob(client, repository, blob, { signal }),
    fetch: (blob, into, signal) =>
      pullBlob(
        { client, repositories: [repository], store: into, signal },
        blob,
        reportBlob(blob, undefined),
      ),
    write: async (blobs, bytes, signal) => {
      const manifest = { selector: selectorOf(reference), bytes, mediaType: MEDIA_TYPE.ociManifest };
      const mountFrom = await mountSources(store, null);
      const sent = blobs.map((blob) => ({ descriptor: blob.descriptor, content: contentOf(store, blob) }));
      await pushWithBlobs(client, repository, sent, manifest, { signal, mountFrom });
    },
  };
}

function contentOf({ content }: Store, { descriptor: { digest, size }, bytes }: CacheBlob) {
  if (bytes !== undefined) return contentOfBytes(digest, bytes);
  return contentOfStream(digest, size, async () => content.open(digest));
}
