import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import { parseImageIndex } from '#shared/oci/manifest-codec.ts';
import { type Platform, samePlatform } from '#shared/oci/platform.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { TransferOptions } from '../../image/image.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { pullImage } from '../../registry/pull.ts';
import { withWaitsTold } from '../../registry/with-defaults.ts';
import { documentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { NameTarget } from '../../store/names.ts';
import type { Store } from '../../store/store.ts';
import { createLayerCheck } from './layer-check.ts';
import type { ResolvedBase } from './resolved-bases.ts';

/**
 * Pulls an image into the store and names it. Nothing is named before all of it is there. What a layer unpacks to is
 * checked at its first use, or now for who wants it so. Throws what `pullImage` does, and for a layer that was checked
 * and is not sound `digest-mismatch`, `malformed` or `unsafe-archive`.
 */
export async function pullIntoStore(
  store: Store,
  client: RegistryClient,
  reference: Reference,
  options: TransferOptions & {
    readonly platform: Platform;
    /** What it is called here; by default `reference`. A name that has an image of the same index stays with that. */
    readonly baseName?: Reference | undefined;
    /** Looks into each layer while others still come, for who needs their files next. */
    readonly checksLayers?: boolean | undefined;
  },
): Promise<ImageRecord> {
  const lease = await store.lease();
  try {
    const check = options.checksLayers === true ? createLayerCheck(store, options.signal) : null;
    const onStored = (blob: Descriptor, manifest: ImageManifest): void => {
      check?.onStored(blob, manifest);
      if (blob.digest === manifest.config.digest && options.onLabels !== undefined)
        void tellLabels(store, manifest, options.onLabels);
    };
    const watched = { ...options, signal: check?.signal ?? options.signal, onStored };
    const pulled = await pullImage(withWaitsTold(client, options), reference, store.content, watched).catch(
      check?.fail,
    );
    await check?.finished();
    const { manifest, root } = pulled;
    const record = await store.addImage(manifest.digest);
    const indexDigest = root.digest === manifest.digest ? undefined : root.digest;
    if (indexDigest !== undefined) await keepIndex(store, indexDigest);
    const target = { digest: manifest.digest, indexDigest };
    const { baseName } = options;
    if (baseName === undefined) await store.setName(pulled.reference, target, 'pull');
    else if (!(await isTaken(store, baseName, target, record))) await store.setName(baseName, target, 'pull');
    return record;
  } finally {
    await lease.release();
  }
}

/** Brings what is told of an image into the store, without its layers, and names nothing. Throws as `pullImage` does. */
export async function resolveIntoStore(
  store: Store,
  client: RegistryClient,
  reference: Reference,
  options: { readonly platform: Platform; readonly signal: AbortSignal },
): Promise<ResolvedBase> {
  const { root, manifest } = await pullImage(client, reference, store.content, {
    ...options,
    withoutLayers: true,
  });
  return { root: root.digest, manifest: manifest.digest, at: Date.now() };
}

/** Whether a name stands for this image already, or for this machine's of the same index, which is not to be lost. */
async function isTaken(
  store: Store,
  name: Reference,
  { digest, indexDigest }: NameTarget,
  { platform }: ImageRecord,
): Promise<boolean> {
  const current = await store.names.resolve(name);
  if (current === null || current.indexDigest !== indexDigest) return false;
  if (current.digest === digest) return true;
  const named = await store.images.get(current.digest);
  return indexDigest !== undefined && named !== null && !samePlatform(platform, hostPlatform());
}

/** Keeps an index with those of its images that are here, so that the name's other platforms stay known. */
async function keepIndex(store: Store, digest: Digest): Promise<void> {
  const bytes = await store.content.read(digest);
  await store.documents.put(documentRecord(digest, bytes.length, parseImageIndex(bytes)));
}

/** Names the layers by the instructions that made them, which the config tells before the layers are here. */
async function tellLabels(
  store: Store,
  manifest: ImageManifest,
  onLabels: NonNullable<TransferOptions['onLabels']>,
): Promise<void> {
  try {
    const { history } = parseConfig(await store.content.read(manifest.config.digest));
    const made = history.filter((entry) => entry.emptyLayer !== true);
    if (made.length !== manifest.layers.length) return;
    onLabels(new Map(manifest.layers.map(({ digest }, at) => [digest, made[at]?.createdBy ?? 'layer'])));
  } catch {
    // A config that cannot be read fails the pull itself; without it the layers only stay unnamed.
  }
}
