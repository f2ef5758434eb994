import type { Digest } from '#shared/oci/digest.ts';
import type { DocumentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { NameRecord } from '../../store/names.ts';

/** Everything in the store that lists of images are made of. */
export interface StoreContents {
  readonly images: readonly ImageRecord[];
  readonly names: readonly NameRecord[];
  readonly documents: readonly DocumentRecord[];
}

/** What is shown as one image: one of the store, and those for other platforms that its name's index lists. */
export interface ImageFamily {
  readonly head: ImageRecord;
  /** The head and the others, in the order of the index. */
  readonly members: readonly ImageRecord[];
  /** The indexes that names of it stand for and that are here. */
  readonly indexes: readonly Digest[];
}

/** Every family of the store, in the order of the images; an image is the head of one or a member of another. */
export function imageFamilies({ images, names, documents }: StoreContents): ImageFamily[] {
  const byDigest = new Map(images.map((image) => [image.digest, image]));
  const indexes = new Map(documents.map((document) => [document.digest, document]));
  const named = new Set(names.map(({ digest }) => digest));
  const found = new Map<Digest, { members: Set<ImageRecord>; indexes: Set<Digest> }>();
  for (const { digest, indexDigest } of names) {
    const index = indexDigest === undefined ? undefined : indexes.get(indexDigest);
    if (index === undefined) continue;
    const family = found.get(digest) ?? { members: new Set(), indexes: new Set() };
    for (const child of index.children) {
      const member = byDigest.get(child);
      if (member !== undefined && (child === digest || !named.has(child))) family.members.add(member);
    }
    family.indexes.add(index.digest);
    found.set(digest, family);
  }
  const folded = new Set(
    [...found].flatMap(([head, { members }]) => [...members].filter(({ digest }) => digest !== head)),
  );
  return images
    .filter((image) => !folded.has(image))
    .map((head) => {
      const family = found.get(head.digest);
      const members = family?.members.has(head) === true ? [...family.members] : [head];
      return { head, members, indexes: [...(family?.indexes ?? [])] };
    });
}

/** The digests of these images and of all that is shown and removed with them. */
export function withFamilies(ids: Iterable<string>, families: readonly ImageFamily[]): Set<Digest> {
  const wanted = new Set(ids);
  return new Set(
    families.flatMap(({ members }) =>
      members.some(({ digest }) => wanted.has(digest)) ? members.map(({ digest }) => digest) : [],
    ),
  );
}
