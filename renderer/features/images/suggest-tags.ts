import { splitReference } from '#renderer/features/transfer/split-reference.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import { newestVersionTag, nextVersions } from '#shared/oci/version-tags.ts';
import { splitName } from './image-rows.ts';

/**
 * Free names that follow the newest version of a repository among the images that are here: the next patch, minor and
 * major version of the repository that is being typed. None where it has no version yet.
 */
export function suggestTags(images: readonly ImageSummary[], typed: string): readonly string[] {
  const { host, repository: path } = splitReference(typed);
  const repository = `${host}${path}`;
  if (repository === '') return [];
  const names = images.flatMap((image) => image.names.map(splitName));
  const tags = names.filter((name) => name.repository === repository).map((name) => name.tag);
  const newest = newestVersionTag(tags);
  return newest === null ? [] : nextVersions(newest, tags).map((tag) => `${repository}:${tag}`);
}
