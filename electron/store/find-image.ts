import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { hostPlatform } from '../platform/host-platform.ts';
import type { DocumentRecord } from './document-records.ts';
import type { ImageRecord } from './image-records.ts';
import { imageForMachine, imagesOfIndex } from './index-images.ts';
import type { Store } from './store.ts';

/** An image of the store. */
export interface FoundImage {
  /** Of an index, the image for this machine, or the one its name was given for. */
  readonly image: ImageRecord;
  /** The index that was named and all its images, where none of them is missing; null where one image was named. */
  readonly index: { readonly record: DocumentRecord; readonly images: readonly ImageRecord[] } | null;
}

/** The image that a person means by `text`, as {@link findNamed} says: of an index, that for this machine. */
export async function findImage(store: Store, text: string): Promise<ImageRecord> {
  return (await findNamed(store, text)).image;
}

/**
 * What a person means by `text`: a reference, a digest of a manifest or index, an image ID, or an unambiguous beginning
 * of one of at least four hex digits. Throws `not-found`, and `invalid-input` for a beginning of several.
 */
export async function findNamed(store: Store, text: string): Promise<FoundImage> {
  const named = await byName(store, text);
  if (named !== null) return named;
  const hex = text.startsWith('sha256:') ? text.slice(7) : text;
  if (/^[0-9a-f]{4,64}$/.test(hex)) {
    const begins = (digest: Digest) => splitDigest(digest).hex.startsWith(hex);
    const images = (await store.images.list()).filter(
      (image) => begins(image.digest) || begins(image.configDigest),
    );
    const documents = (await store.documents.list()).filter(({ digest }) => begins(digest));
    const indexes = (await Promise.all(documents.map((record) => openIndex(store, record)))).filter(
      (found) => found !== null,
    );
    const found = [...images.map((image) => ({ image, index: null })), ...indexes];
    if (found.length === 1 && found[0] !== undefined) return found[0];
    if (found.length > 1) {
      throw new AppError('invalid-input', `"${text}" is the beginning of ${found.length} images.`, {
        hint: 'Write more of it.',
      });
    }
  }
  throw new AppError('not-found', `There is no image "${text}" in the store.`, {
    hint: 'List what there is with "strata images", or pull or build it first.',
  });
}

async function byName(store: Store, text: string): Promise<FoundImage | null> {
  let reference: ReturnType<typeof parseReference>;
  try {
    reference = parseReference(text);
  } catch {
    return null;
  }
  const name = await store.names.resolve(reference);
  if (name === null) return reference.digest === undefined ? null : byDigest(store, reference.digest);
  const image = await store.images.get(name.digest);
  const record = name.indexDigest === undefined ? null : await store.documents.get(name.indexDigest);
  const opened = record === null ? null : await openIndex(store, record);
  if (opened !== null) return { ...opened, image: image ?? opened.image };
  return image === null ? null : { image, index: null };
}

async function byDigest(store: Store, digest: Digest): Promise<FoundImage | null> {
  const image = await store.images.get(digest);
  if (image !== null) return { image, index: null };
  const record = await store.documents.get(digest);
  return record === null ? null : openIndex(store, record);
}

/** The index of a record with its images; null where it is no index or not all of it is here. */
async function openIndex(store: Store, record: DocumentRecord): Promise<FoundImage | null> {
  const images = await imagesOfIndex(store.images, record);
  const image = imageForMachine(images, hostPlatform());
  if (image === null || images.length < record.children.length) return null;
  return { image, index: { record, images } };
}
