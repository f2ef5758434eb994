import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { familiarReference, type Reference } from '#shared/oci/reference.ts';
import type { TransferOptions } from '../../image/image.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { headForPush } from '../../registry/manifests.ts';
import { pushImage } from '../../registry/push.ts';
import { ownRepository } from '../../registry/repository.ts';
import { findImage } from '../../store/find-image.ts';
import { referenceOf } from '../../store/names.ts';
import type { Store } from '../../store/store.ts';
import { openStoreImage } from '../../store/store-image.ts';

export interface PushOptions extends TransferOptions {
  /** Move the tag although it names other content there. */
  readonly moveTag: boolean;
  /** Tags that are meant to move. */
  readonly floating: readonly string[];
}

/**
 * Pushes an image of the store. Throws `tag-moved`, before a byte is sent, when the tag names other content there, does
 * not float and may not be moved.
 */
export async function pushFromStore(
  store: Store,
  client: RegistryClient,
  ref: string,
  target: Reference,
  options: PushOptions,
): Promise<Descriptor> {
  const lease = await store.lease();
  try {
    const record = await findImage(store, ref);
    await refuseMovedTag(client, target, record.digest, options);
    const image = await openStoreImage(store, record);
    const mountFrom = await mountSources(store, record.digest);
    const { signal, onBlob } = options;
    return await pushImage(client, image, target, { signal, onBlob, mountFrom });
  } finally {
    await lease.release();
  }
}

async function refuseMovedTag(
  client: RegistryClient,
  target: Reference,
  wanted: Digest,
  options: PushOptions,
): Promise<void> {
  const { tag } = target;
  if (tag === undefined || options.moveTag || options.floating.includes(tag)) return;
  const there = await headForPush(client, ownRepository(client, target), tag, options.signal);
  if (there === null || there.digest === wanted) return;
  const reference = familiarReference(target);
  throw new AppError(
    'tag-moved',
    `${reference} already names other content there: ${there.digest}. This image is ${wanted}.`,
    {
      hint: 'Push it as another version, or move the tag on purpose with --move-tag.',
      detail: { kind: 'tag', reference, current: there.digest, wanted },
    },
  );
}

/** Repositories that may hold a layer already, because an image of the store that has it came from or went there. */
async function mountSources(store: Store, pushed: Digest): Promise<(digest: Digest) => readonly Reference[]> {
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
