import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { canonicalReference, type Reference } from '#shared/oci/reference.ts';
import type { TransferOptions } from '../../image/image.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { pushImage, pushIndex } from '../../registry/push.ts';
import { withWaitsTold } from '../../registry/with-defaults.ts';
import { findNamed } from '../../store/find-image.ts';
import { referenceOf } from '../../store/names.ts';
import type { Store } from '../../store/store.ts';
import { openStoreImage } from '../../store/store-image.ts';
import { type TagRules, watchTag } from '../tag-guard.ts';

export type PushOptions = TransferOptions & TagRules;

/**
 * Pushes an image of the store, of an index all its images, and writes the move of the tag down. Throws `tag-moved`
 * when the tag names other content there and may not be moved: before a byte is sent, or before the tag is set where
 * another push was faster. Throws `invalid-input` for the digest of another image.
 */
export async function pushFromStore(
  store: Store,
  client: RegistryClient,
  ref: string,
  target: Reference,
  options: PushOptions,
): Promise<Descriptor> {
  const { image, index } = await findNamed(store, ref);
  const { digest } = index?.record ?? image;
  requireOwnDigest(target, digest);
  // Under its digest alone it moves no tag.
  if (target.tag === undefined && target.digest !== undefined)
    return sendFromStore(store, client, digest, target, options);
  const watched = withWaitsTold(client, options);
  const tag = await watchTag(watched, target, digest, options, options.signal);
  const sent = await sendFromStore(store, client, digest, target, { ...options, beforeTag: tag.beforeTag });
  const name = canonicalReference({ ...target, digest: undefined });
  await store.journal.append({ name, host: target.domain, from: tag.from, to: sent.digest, by: 'push' });
  return sent;
}

function requireOwnDigest(target: Reference, digest: Digest): void {
  if (target.digest === undefined || target.digest === digest) return;
  throw new AppError(
    'invalid-input',
    `${canonicalReference(target)} names another image than the one to push, ${digest}.`,
    {
      hint: 'Leave out what follows the @.',
    },
  );
}

/** Sends an image or a whole index of the store, whatever the tag names there. */
export async function sendFromStore(
  store: Store,
  client: RegistryClient,
  ref: string,
  target: Reference,
  options: TransferOptions,
): Promise<Descriptor> {
  const lease = await store.lease();
  try {
    const { image, index } = await findNamed(store, ref);
    const mountFrom = await mountSources(store, image.digest);
    const watched = withWaitsTold(client, options);
    const { signal, onBlob, wake, beforeTag } = options;
    const pushed = { signal, onBlob, wake, beforeTag, mountFrom, uploads: store.uploads };
    if (index === null) return await pushImage(watched, await openStoreImage(store, image), target, pushed);
    const { digest, mediaType } = index.record;
    const bytes = await store.content.read(digest);
    const images = await Promise.all(index.images.map((each) => openStoreImage(store, each)));
    return await pushIndex(watched, { bytes, mediaType }, images, target, pushed);
  } finally {
    await lease.release();
  }
}

/** Repositories that may hold a layer already, because an image of the store that has it came from or went there. */
export async function mountSources(
  store: Store,
  pushed: Digest | null,
): Promise<(digest: Digest) => readonly Reference[]> {
  const [names, images] = await Promise.all([store.names.list(), store.images.list()]);
  const byImage = new Map(images.map((image) => [image.digest, image]));
  const sources = new Map<Digest, Reference[]>();
  for (const name of names) {
    if (name.digest === pushed) continue;
    for (const layer of byImage.get(name.digest)?.layers ?? []) {
      sources.set(layer.digest, [...(sources.get(layer.digest) ?? []), referenceOf(name)]);
    }
  }
  return (digest) => sources.get(digest) ?? [];
}
