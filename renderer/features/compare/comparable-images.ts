import { repositoryOf } from '#renderer/features/images/image-rows.ts';
import type { AppState } from '#renderer/store/app-store.ts';
import { engineById } from '#renderer/store/engines-slice.ts';
import type { Route } from '#renderer/store/route.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';

const STORE = 'builtin';

/** The images that one can be compared with, other tags of its repository first, then the newest. */
export function comparableImages(
  images: readonly ImageSummary[],
  image: Pick<ImageSummary, 'id' | 'names'>,
  search = '',
): readonly ImageSummary[] {
  const repository = repositoryOf(image);
  const rank = (other: ImageSummary): number =>
    repository !== null && repositoryOf(other) === repository ? 0 : 1;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return images
    .filter((other) => {
      const all = [...other.names, other.id].join(' ').toLowerCase();
      return other.id !== image.id && words.every((word) => all.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b) || (b.createdAt ?? 0) - (a.createdAt ?? 0));
}

/** The reference that a search may mean at a registry: one with a registry or a tag; null for other words. */
export function searchedReference(search: string): string | null {
  const word = search.trim();
  if (!/[/:@]/.test(word)) return null;
  try {
    return familiarReference(withDefaultTag(parseReference(word)));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Where two images are compared: from the older one to the newer. */
export function comparisonRoute(one: ImageSummary, other: ImageSummary): Route {
  const [before, after] = (one.createdAt ?? 0) <= (other.createdAt ?? 0) ? [one, other] : [other, one];
  // What looks at images elsewhere can also look into the store.
  const { engine } = [one, other].find((image) => image.engine !== STORE) ?? one;
  return { screen: 'compare', engine, before: before.id, after: after.id };
}

/** Why images of this engine cannot be compared; undefined when they can. */
export function whyNotComparable(state: AppState, engineId: string): string | undefined {
  const engine = engineById(state.engines, engineId);
  if (engine === undefined || engine.can.browseFiles) return undefined;
  return `${engine.name} does not hand out the files of its layers. Taken into Strata, images can be compared.`;
}
