import { AppError } from '#shared/errors/app-error.ts';
import { parseReference, type Reference, repositoryName } from '#shared/oci/reference.ts';

/**
 * Whether the tags of a reference's repository are marked as immutable. `marked` are repositories as people write them
 * (`acme/web`, `ghcr.io/acme/web`); one that ends with `/*` stands for all below it. What is no repository marks none.
 */
export function isImmutable(marked: readonly string[], reference: Reference): boolean {
  const repository = repositoryName(reference);
  return marked.some((text) => {
    const isFolder = text.endsWith('/*');
    const name = canonicalName(isFolder ? `${text.slice(0, -2)}/x` : text);
    if (name === null) return false;
    return isFolder ? repository.startsWith(name.slice(0, -1)) : repository === name;
  });
}

function canonicalName(text: string): string | null {
  try {
    return repositoryName(parseReference(text.trim()));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
