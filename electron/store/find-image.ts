import { AppError } from '#shared/errors/app-error.ts';
import { splitDigest } from '#shared/oci/digest.ts';
import { parseReference } from '#shared/oci/reference.ts';
import type { ImageRecord } from './image-records.ts';
import type { Store } from './store.ts';

/**
 * The image that a person means by `text`: a reference, a manifest digest, an image ID, or an unambiguous beginning
 * of one of at least four hex digits. Throws `not-found`, and `invalid-input` for a beginning of several.
 */
export async function findImage(store: Store, text: string): Promise<ImageRecord> {
  const named = await byName(store, text);
  if (named !== null) return named;
  const hex = text.startsWith('sha256:') ? text.slice(7) : text;
  if (/^[0-9a-f]{4,64}$/.test(hex)) {
    const found = (await store.images.list()).filter(
      (image) =>
        splitDigest(image.digest).hex.startsWith(hex) || splitDigest(image.configDigest).hex.startsWith(hex),
    );
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

async function byName(store: Store, text: string): Promise<ImageRecord | null> {
  let reference: ReturnType<typeof parseReference>;
  try {
    reference = parseReference(text);
  } catch {
    return null;
  }
  const name = await store.names.resolve(reference);
  if (name !== null) return store.images.get(name.digest);
  return reference.digest === undefined ? null : store.images.get(reference.digest);
}
