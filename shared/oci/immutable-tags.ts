import { AppError } from '../errors/app-error.ts';
import { parseReference, type Reference, repositoryName } from './reference.ts';

/**
 * Whether the tags of a reference's repository are marked as immutable. `marked` are repositories as people write them
 * (`acme/web`, `ghcr.io/acme/web`); one that ends with `/*` stands for all below it. What is no repository marks none.
 */
export function isImmutable(marked: readonly string[], reference: Reference): boolean {
  return markingOf(marked, reference) !== null;
}

/** The entry that marks a reference's repository, its own name before one for all of a folder; null where none does. */
export function markingOf(marked: readonly string[], reference: Reference): string | null {
  const repository = repositoryName(reference);
  const fits = marked.filter((text) => {
    const name = markedRepository(text);
    if (name === null) return false;
    return name.endsWith('/*') ? repository.startsWith(name.slice(0, -1)) : repository === name;
  });
  return fits.find((text) => !text.trim().endsWith('/*')) ?? fits[0] ?? null;
}

/** The full name of what an entry marks, with `/*` where it ends so; null for what is no repository. */
export function markedRepository(text: string): string | null {
  const trimmed = text.trim();
  if (!trimmed.endsWith('/*')) return fullName(trimmed);
  return fullName(`${trimmed.slice(0, -2)}/x`)?.replace(/\/x$/, '/*') ?? null;
}

function fullName(text: string): string | null {
  try {
    return repositoryName(parseReference(text));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
