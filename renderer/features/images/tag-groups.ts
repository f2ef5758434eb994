import type { NamesThere } from '#renderer/store/registry-names-slice.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { splitName } from './image-rows.ts';

/** The tags that an image has in one repository. */
export interface TagGroup {
  readonly repository: string;
  readonly tags: readonly { readonly name: string; readonly tag: string }[];
}

/** The names of an image by repository, in the order in which they come. */
export function groupNames(names: readonly string[]): readonly TagGroup[] {
  const groups = new Map<string, { name: string; tag: string }[]>();
  for (const name of names) {
    const { repository, tag } = splitName(name);
    groups.set(repository, [...(groups.get(repository) ?? []), { name, tag }]);
  }
  return [...groups].map(([repository, tags]) => ({ repository, tags }));
}

/** What a registry has under a tag, beside what the tag names here: `id` is the digest of the image. */
export function thereWords(
  there: NamesThere,
  tag: string,
  id: string,
): { readonly text: string; readonly tone?: 'ok' | 'warn'; readonly digest?: string } | null {
  const found = there.digests[tag];
  if (found === undefined) return null;
  if (found === null) return { text: 'not there' };
  const { digest, members } = found;
  if (digest === id) return { text: 'same there', tone: 'ok', digest };
  if (members.includes(id)) return { text: `there, one of ${members.length} platforms`, tone: 'ok', digest };
  return { text: `other content there, ${shortenDigest(digest)}`, tone: 'warn', digest };
}
