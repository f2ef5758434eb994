import type { Digest } from '#shared/oci/digest.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import type { DocumentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { imageForMachine } from '../../store/index-images.ts';
import type { NameRecord } from '../../store/names.ts';

/** Everything in the store that lists of images are made of. */
export interface StoreContents {
  readonly images: readonly ImageRecord[];
  readonly names: readonly NameRecord[];
  readonly documents: readonly DocumentRecord[];
}

/** What is shown as one image: one of the store, and those for other platforms that an index lists with it. */
export interface ImageFamily {
  readonly head: ImageRecord;
  /** The head and the others, in the order of the index. */
  readonly members: readonly ImageRecord[];
  /** The indexes that names of it stand for, or that list it without a name. */
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
  for (const index of unnamedIndexes({ images, names, documents })) {
    const members = index.children.flatMap((child) => byDigest.get(child) ?? []);
    const isFree = members.every(({ digest }) => !named.has(digest) && !found.has(digest));
    const head = imageForMachine(members, hostPlatform());
    if (isFree && head !== null && members.length > 1)
      found.set(head.digest, { members: new Set(members), indexes: new Set([index.digest]) });
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

/** The indexes that no name stands for, newest first. */
function unnamedIndexes({ names, documents }: StoreContents): readonly DocumentRecord[] {
  const named = new Set(names.flatMap(({ digest, indexDigest }) => [digest, indexDigest]));
  return documents
    .filter(({ digest, children }) => children.length > 1 && !named.has(digest))
    .toSorted((a, b) => b.addedAt - a.addedAt);
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
