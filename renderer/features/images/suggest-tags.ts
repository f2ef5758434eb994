import { splitReference } from '#renderer/features/transfer/split-reference.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import type { TagSource } from '#shared/contract/tags.ts';
import { tagFrom } from '#shared/oci/tag-text.ts';
import { newestVersionTag, nextVersions, versionLength } from '#shared/oci/version-tags.ts';
import { splitName } from './image-rows.ts';

/** A name to choose, and where it comes from. */
export interface SuggestedTag {
  readonly name: string;
  readonly tag: string;
  /** "commit", "describe" … for one from git. */
  readonly title?: string;
}

/**
 * Free names that follow the newest version of the repository that is being typed, among the images that are here and
 * the tags that its registry has: the next patch, minor and major version. A typed tag like `1.4` is followed by its
 * like. None where the repository has no version yet.
 */
export function suggestTags(
  images: readonly ImageSummary[],
  typed: string,
  there: readonly string[] = [],
): readonly string[] {
  const { repository, tag } = typedParts(typed);
  if (repository === '') return [];
  const names = images.flatMap((image) => image.names.map(splitName));
  const here = names.filter((name) => name.repository === repository).map((name) => name.tag);
  const tags = [...new Set([...here, ...there])];
  const length = versionLength(tag);
  const alike = tags.filter((one) => versionLength(one) === length);
  const newest = newestVersionTag(length > 0 && alike.length > 0 ? alike : tags);
  return newest === null ? [] : nextVersions(newest, tags).map((next) => `${repository}:${next}`);
}

/** Names from the git repository that an image was built from: commit, distance to the last tag, branch. */
export function suggestFromGit(source: TagSource | null, typed: string): readonly SuggestedTag[] {
  const { repository } = typedParts(typed);
  const git = source?.git;
  if (repository === '' || git == null) return [];
  const parts: readonly (readonly [string, string | null])[] = [
    ['commit', git.commit],
    ['git describe', git.describe],
    ['branch', git.branch],
  ];
  return parts.flatMap(([title, text]) => {
    const tag = text === null ? null : tagFrom(text);
    return tag === null ? [] : [{ name: `${repository}:${tag}`, tag, title }];
  });
}

function typedParts(typed: string): { readonly repository: string; readonly tag: string } {
  const { host, repository: path, tag } = splitReference(typed);
  return { repository: `${host}${path}`, tag: tag.replace(/^:/, '') };
}
