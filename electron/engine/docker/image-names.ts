import {
  canonicalReference,
  familiarReference,
  parseReference,
  type Reference,
} from '#shared/oci/reference.ts';

/** A name of the engine's list in the form people type; null for `<none>` and what is no reference. */
export function familiarName(wireName: string): string | null {
  if (wireName.includes('<none>')) return null;
  try {
    return familiarReference(parseReference(wireName));
  } catch {
    return null;
  }
}

/** The names of an image: its tags, else the digests it was pulled by. */
export function familiarNames(image: {
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
}): string[] {
  const tags = image.RepoTags.map(familiarName).filter((name) => name !== null);
  if (tags.length > 0) return [...new Set(tags)];
  return [...new Set(image.RepoDigests.map(familiarName).filter((name) => name !== null))];
}

/** The full form in which a name is sent: short ones mean different things to Docker and Podman. */
export function wireName(reference: Reference): string {
  return canonicalReference(reference);
}

/**
 * What a person wrote to mean an image, as it is sent: an ID or the beginning of one as it is, else the
 * full name with its tag.
 */
export function wireRef(ref: string): string {
  if (/^(sha256:)?[a-f0-9]{2,64}$/.test(ref)) return ref;
  const reference = parseReference(ref);
  const complete = reference.tag === undefined && reference.digest === undefined;
  return canonicalReference(complete ? { ...reference, tag: 'latest' } : reference);
}
