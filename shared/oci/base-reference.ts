import { type Digest, isDigest } from './digest.ts';
import { canonicalReference, parseReference, type Reference } from './reference.ts';

/** The image that another one was built on: what FROM named, and the manifest that it was at that time. */
export interface BaseReference {
  readonly reference: Reference;
  readonly digest: Digest | null;
}

/** Annotations of a manifest that name its base (image-spec, annotations.md); every tool understands them. */
const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';

/** The annotations that tell a base. */
export function baseAnnotations({ reference, digest }: BaseReference): Readonly<Record<string, string>> {
  return { ...(digest === null ? {} : { [DIGEST]: digest }), [NAME]: canonicalReference(reference) };
}

/** The base that annotations tell; null where they tell none, or no name that is a reference. */
export function readBase(annotations: Readonly<Record<string, string>> | undefined): BaseReference | null {
  const name = annotations?.[NAME];
  if (name === undefined) return null;
  try {
    const digest = annotations?.[DIGEST] ?? '';
    return { reference: parseReference(name), digest: isDigest(digest) ? digest : null };
  } catch {
    // Anybody may write anything there, and the image is whole without it.
    return null;
  }
}
