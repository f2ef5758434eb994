import type { Descriptor } from '#shared/oci/manifest.ts';
import { malformed } from '#shared/oci/wire.ts';
import { verifyBytes } from '../../image/content-digest.ts';
import type { CacheStorage } from './cache-storage.ts';

/** A small blob of a cache, checked. Throws `malformed` for more than `limit` bytes, `digest-mismatch`. */
export async function readPart(
  storage: CacheStorage,
  blob: Descriptor,
  limit: number,
  signal: AbortSignal,
): Promise<Buffer> {
  if (blob.size > limit)
    throw malformed('shared cache', `a part of it has ${blob.size} bytes, more than the ${limit} allowed`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of storage.read(blob, signal)) {
    size += chunk.length;
    if (size > blob.size) throw malformed('shared cache', 'a part of it is larger than its manifest says');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  verifyBytes(bytes, blob.digest, 'A part of the shared cache');
  return bytes;
}
