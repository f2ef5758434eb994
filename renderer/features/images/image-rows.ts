import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import type { ImageFilter } from '#renderer/store/images-slice.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { familiarRepository, parseReference } from '#shared/oci/reference.ts';

/** A name of an image in the two parts that the table shows. */
export interface NameParts {
  readonly repository: string;
  /** Tag, or the beginning of a digest. */
  readonly tag: string;
}

/** An image as far as it is about its names. */
interface Named {
  readonly names: readonly string[];
}

/** A familiar reference in its parts; what cannot be read is a repository as it stands. */
export function splitName(name: string): NameParts {
  try {
    const reference = parseReference(name);
    return { repository: familiarRepository(reference), tag: reference.tag ?? reference.digest ?? 'latest' };
  } catch {
    return { repository: name, tag: '' };
  }
}

/**
 * The name an image is called by: of the repository in which it has most tags, there the first; where several have as
 * many, of the one with the shortest name, which bears no registry. Undefined for a dangling image.
 */
export function mainName({ names }: Named): string | undefined {
  const [first, second] = names;
  if (second === undefined) return first;
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const { repository } = splitName(name);
    groups.set(repository, [...(groups.get(repository) ?? []), name]);
  }
  const [best] = [...groups].sort(
    ([one, ofOne], [other, ofOther]) => ofOther.length - ofOne.length || one.length - other.length,
  );
  return best?.[1][0];
}

/** The repository an image is listed under: that of its main name; null for a dangling one. */
export function repositoryOf(image: Named): string | null {
  const name = mainName(image);
  return name === undefined ? null : splitName(name).repository;
}

/** A tag in the repository under which the image is listed, or a whole name elsewhere. */
export interface ImageChip {
  readonly name: string;
  readonly isOwn: boolean;
  readonly text: string;
}

/** What the chips of an image say: first the tags in its own repository, then whole names elsewhere. */
export function chipsOf(image: ImageSummary): readonly ImageChip[] {
  const own = repositoryOf(image);
  const chips = image.names.map((name) => {
    const { repository, tag } = splitName(name);
    return { name, isOwn: repository === own, text: repository === own ? tag : name };
  });
  return chips.sort((one, other) => Number(other.isOwn) - Number(one.isOwn));
}

/** What a narrow column shows beside each other. */
const NARROW = { most: 3, letters: 18 };
/** A chip is not wider than so many letters. */
const WIDEST = 31;

/** How many chips stand in a row whole, at least one: three tags cut to a letter each say less than one and a number. */
export function chipsThatFit(chips: readonly { readonly text: string }[], room = NARROW): number {
  let letters = 0;
  let fitting = 0;
  for (const { text } of chips.slice(0, room.most)) {
    letters += Math.min(text.length, WIDEST);
    if (fitting > 0 && letters > room.letters) break;
    fitting += 1;
  }
  return fitting;
}

/** How an image is called in a sentence: its main name, or its short id. */
export function imageName(image: ImageSummary): string {
  const main = mainName(image);
  if (main !== undefined) return main;
  const [repository = '', digest] = image.id.split('@');
  // One at a registry is known by its repository, also without a tag.
  if (digest !== undefined) return `${repository}@${shortenDigest(digest)}`;
  return `untagged ${image.id.replace(/^sha256:/, '').slice(0, 12)}`;
}

/** The image as dialogs and commands take it. */
export function toDialogImage(image: ImageSummary): DialogImage {
  const ref = mainName(image) ?? image.indexDigest ?? image.id;
  return { engine: image.engine, id: image.id, ref, name: imageName(image) };
}

/** Whether an image belongs to a filter. */
export function fitsFilter(image: ImageSummary, filter: ImageFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'in-use':
      return image.usedBy.length > 0;
    case 'unused':
      return image.usedBy.length === 0;
    case 'dangling':
      return image.names.length === 0;
  }
}

/** The images of a filter that contain every word of the search in a name, id, platform or container. */
export function findImages(
  images: readonly ImageSummary[],
  search: string,
  filter: ImageFilter,
): readonly ImageSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && filter === 'all') return images;
  return images.filter((image) => {
    if (!fitsFilter(image, filter)) return false;
    const platforms = [image.platform, ...(image.platforms ?? []).map(({ platform }) => platform)];
    const places = platforms.flatMap((each) => (each === null ? [] : [formatPlatform(each)]));
    const all = [...image.names, image.id, ...image.usedBy, ...places].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
