import { AppError } from '../errors/app-error.ts';
import { parseReference, type Reference, withDefaultTag } from './reference.ts';

/** The name that a new image is to get, `latest` where it has no tag. Throws `invalid-input`, also for one with a digest. */
export function parseNewName(text: string): Reference {
  const reference = parseReference(text);
  if (reference.digest === undefined) return withDefaultTag(reference);
  throw new AppError('invalid-input', `"${text}" holds a digest, so it cannot name a new image.`, {
    hint: 'Use a tag, such as app:1.0.',
  });
}
