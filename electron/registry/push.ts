import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { Image, TransferOptions } from '../image/image.ts';
import { type ProgressReporter, reportBlob } from './blob-progress.ts';
import { hasBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { forEachParallel } from './limiter.ts';
import { putManifest } from './manifests.ts';
import { ownRepository, pushAccess, type Repository, selectorOf } from './repository.ts';
import { type BlobContent, contentOfBytes, contentOfStream } from './upload-content.ts';
import { mountBlob, uploadBlob } from './uploads.ts';

export interface PushOptions extends TransferOptions {
  /** Repositories of any registry that may have the blob already; those of the target's registry are mounted from. */
  readonly mountFrom?: ((digest: Digest) => readonly Reference[]) | undefined;
}

const BLOBS_AT_ONCE = 6;
const MOUNT_TRIES = 3;

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
  const repository = ownRepository(client, target);
  const blobs = blobsOf(image).map((blob) => ({
    ...blob,
    progress: reportBlob(blob.descriptor, options.onBlob),
  }));
  const send = (isSure: boolean): Promise<void> =>
    forEachParallel(blobs, BLOBS_AT_ONCE, options.signal, (blob, signal) =>
      pushBlob({ client, repository, target, options: { ...options, signal } }, blob, isSure),
    );
  await send(false);
  const put = () =>
    putManifest(client, repository, manifestSelector(image, target), manifestOf(image), options.signal);
  await put().catch(async (error: unknown) => {
    if (!isBlobUnknown(error)) throw error;
    // A registry may say that it has or mounted a blob, and not find it afterwards (ECR): send all of them.
    await send(true);
    await put();
  });
  return { mediaType: image.mediaType, digest: image.digest, size: image.rawManifest.length };
}

interface PushContext {
  readonly client: RegistryClient;
  readonly repository: Repository;
  readonly target: Reference;
  readonly options: PushOptions;
}

interface PushBlob {
  readonly descriptor: Descriptor;
  readonly content: BlobContent;
}

/** Each different blob once: the layers, then the config. Layers that live elsewhere by their nature are not sent. */
function blobsOf(image: Image): readonly PushBlob[] {
  const blobs = new Map<Digest, PushBlob>();
  image.layers.forEach((layer, index) => {
    const descriptor = image.manifest.layers[index];
    if (descriptor === undefined || isForeign(descriptor)) return;
    const content = contentOfStream(layer.digest, layer.size, (signal) => layer.compressed(signal));
    if (!blobs.has(layer.digest)) blobs.set(layer.digest, { descriptor, content });
  });
  const { config } = image.manifest;
  blobs.set(config.digest, { descriptor: config, content: contentOfBytes(config.digest, image.rawConfig) });
  return [...blobs.values()];
}

function isForeign({ mediaType, urls }: Descriptor): boolean {
  return urls !== undefined && /foreign|nondistributable/.test(mediaType);
}

async function pushBlob(
  context: PushContext,
  blob: PushBlob & { readonly progress: ProgressReporter },
  isSure: boolean,
): Promise<void> {
  const { client, repository, options } = context;
  const { progress, content } = blob;
  try {
    await client.slots(repository.endpoint).run(async () => {
      if (!isSure) {
        if (await hasBlob(client, repository, content.digest, pushAccess(repository), options.signal))
          return progress.state('exists');
        const mounted = await tryMount(context, content.digest);
        if (mounted.isMounted) return progress.state('mounted', mounted.from);
      }
      await uploadBlob(client, repository, content, {
        signal: options.signal,
        onProgress: progress.bytes,
        onRetry: (why) => progress.state('retrying', why),
      });
      progress.state('done');
    }, options.signal);
  } catch (error) {
    if (!isCancelled(error)) progress.state('failed', error instanceof Error ? error.message : undefined);
    throw error;
  }
}

async function tryMount(
  { client, repository, target, options }: PushContext,
  digest: Digest,
): Promise<{ readonly isMounted: boolean; readonly from?: string }> {
  const candidates = options.mountFrom?.(digest) ?? [];
  const paths = candidates
    .filter((each) => each.domain === target.domain && each.path !== target.path)
    .map((each) => each.path);
  for (const from of [...new Set(paths)].slice(0, MOUNT_TRIES)) {
    const { isMounted } = await mountBlob(client, repository, digest, from, options.signal);
    if (isMounted) return { isMounted, from };
  }
  return { isMounted: false };
}

function manifestOf(image: Image): { readonly bytes: Uint8Array; readonly mediaType: string } {
  return { bytes: image.rawManifest, mediaType: image.mediaType };
}

function manifestSelector(image: Image, target: Reference): string {
  if (target.tag === undefined && target.digest !== undefined) return image.digest;
  return selectorOf({ ...target, digest: undefined });
}

function isBlobUnknown(error: unknown): boolean {
  if (!(error instanceof AppError) || error.detail?.kind !== 'registry') return false;
  return /^(?:MANIFEST_)?BLOB_UNKNOWN$/.test(error.detail.registryCode ?? '');
}
