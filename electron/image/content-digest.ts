import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';

/** The digest of bytes at hand; for small things, since it hashes in one go. */
export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

/** Throws `digest-mismatch` where the bytes are not those that `expected` names; `what` begins the sentence. */
export function verifyBytes(bytes: Uint8Array, expected: Digest, what: string): void {
  const actual = digestOf(bytes, splitDigest(expected).algorithm);
  if (actual !== expected) throw digestMismatch(what, expected, actual);
}

/** The error for content that is not what its digest says. */
export function digestMismatch(what: string, expected: string, actual: string): AppError {
  return new AppError('digest-mismatch', `${what} is not what its digest says.`, {
    hint: 'It was changed on the way or at its source. Nothing was stored; try again, and do not use it if it happens again.',
    detail: { kind: 'digest', expected, actual },
  });
}
