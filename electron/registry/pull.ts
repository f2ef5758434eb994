import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { BlobStore } from '../image/blob-store.ts';
import type { TransferOptions } from '../image/image.ts';
import { forEachParallel } from '../image/limiter.ts';
import { reportBlob } from './blob-progress.ts';
import type { RegistryClient } from './client.ts';
import type { FetchedManifest } from './manifests.ts';
import { type PullContext, pullBlob } from './pull-blob.ts';
import { readRepositories } from './repository.ts';
import { refuseArtifact, resolveImage } from './resolve.ts';

export interface PullOptions extends TransferOptions {
  readonly platform: Platform;
  /** Fetches the manifests and the config alone. */
  readonly withoutLayers?: boolean | undefined;
  /** Told of each blob of the image as soon as it is in the store. */
  readonly onStored?: ((blob: Descriptor, image: ImageManifest) => void) | undefined;
}

/** An image that is in the store, its layers only where they were asked for; nothing names it yet. */
export interface PulledImage {
  /** With the tag that was pulled. */
  readonly reference: Reference;
  /** What the reference names: an index, or the manifest itself. */
  readonly root: Descriptor;
  /** The manifest of the chosen platform. */
  readonly manifest: Descriptor;
  readonly document: ImageManifest;
  /** The server it came from: a mirror, or the registry's own. */
  readonly from: string;
}

const BLOBS_AT_ONCE = 6;

/**
 * Fetches the image that a reference names for a platform into the store: manifests are checked, blobs that are there
 * are skipped, the others come side by side, then the manifest and last the index. Throws `not-found` (also for a
 * missing platform), `digest-mismatch`, `malformed`, `unsupported` and what a registry refuses with.
 */
export async function pullImage(
  client: RegistryClient,
  reference: Reference,
  store: BlobStore,
  options: PullOptions,
): Promise<PulledImage> {
  const named = withDefaultTag(reference);
  const resolved = await resolveImage(client, named, options.platform, { store, signal: options.signal });
  const { document } = resolved.image;
  refuseArtifact(document);
  const layers = options.withoutLayers === true ? [] : document.layers;
  const blobs = uniqueBlobs([document.config, ...layers]);
  const reports = blobs.map((descriptor) => ({
    descriptor,
    progress: reportBlob(descriptor, options.onBlob),
  }));
  const own = readRepositories(client, named).filter(
    (each) => each.endpoint.host !== resolved.repository.endpoint.host,
  );
  const repositories = [resolved.repository, ...own.filter((each) => !each.endpoint.isMirror)];
  await forEachParallel(reports, BLOBS_AT_ONCE, options.signal, async ({ descriptor, progress }, signal) => {
    const context: PullContext = { client, repositories, store, signal, wake: options.wake };
    await pullBlob(context, descriptor, progress);
    options.onStored?.(descriptor, document);
  });
  for (const each of [...resolved.documents].reverse()) await storeDocument(store, each);
  return {
    reference: named,
    root: descriptorOf(resolved.root),
    manifest: descriptorOf(resolved.image),
    document,
    from: resolved.repository.endpoint.host,
  };
}

async function storeDocument(store: BlobStore, manifest: FetchedManifest): Promise<void> {
  if (await store.touch(manifest.digest, manifest.bytes.length)) return;
  const writer = await store.ingest({ expected: { digest: manifest.digest, size: manifest.bytes.length } });
  try {
    await writer.write(manifest.bytes);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.commit();
}

function uniqueBlobs(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}

function descriptorOf({ mediaType, digest, bytes }: FetchedManifest): Descriptor {
  return { mediaType, digest, size: bytes.length };
}
