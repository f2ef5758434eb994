import { AppError } from '#shared/errors/app-error.ts';
import { familiarRepository, parseReference, type Reference } from '#shared/oci/reference.ts';
import { SpecError } from './spec-error.ts';

/** What the specification lets a repository be called. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
/** `registry.example.com_5000/`: a port, which a repository path cannot have, behind an underscore. */
const WITH_PORT = /^((?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+))_(\d+)\//;

/**
 * The repository under which the share serves a name of the store: the familiar one (`app`, `acme/web`,
 * `ghcr.io/acme/web`), with an underscore before a port. Null for a host that no repository path can hold.
 */
export function sharedRepository(reference: Reference): string | null {
  const repository = familiarRepository(reference).replace(/^([^/]*):(\d+)\//, '$1_$2/');
  return REPOSITORY.test(repository) ? repository : null;
}

/**
 * The name of the store that a repository of the share and a tag stand for. `namespace` is the registry that a client
 * means when it asks this endpoint as a mirror. Throws `NAME_INVALID`, and `MANIFEST_UNKNOWN` for what is no tag.
 */
export function sharedName(repository: string, tag?: string, namespace?: string): Reference {
  if (!REPOSITORY.test(repository))
    throw new SpecError(400, 'NAME_INVALID', `"${repository}" is not the name of a repository.`);
  const path = repository.replace(WITH_PORT, '$1:$2/');
  const full = namespace === undefined || namespace === '' ? path : `${namespace}/${path}`;
  try {
    const { domain, path: parsed } = parseReference(full);
    if (tag === undefined) return { domain, path: parsed, tag: undefined, digest: undefined };
  } catch (error) {
    throw new SpecError(400, 'NAME_INVALID', wordsOf(error));
  }
  try {
    return parseReference(`${full}:${tag}`);
  } catch (error) {
    throw new SpecError(404, 'MANIFEST_UNKNOWN', wordsOf(error));
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  throw error;
}
