import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import type { BlobStore, BlobWriter, IngestOptions } from '../image/blob-store.ts';
import { isMissing } from '../platform/file-errors.ts';
import { touchAtOnce } from '../platform/touch.ts';
import { BlobFileWriter } from './blob-file-writer.ts';
import { claimIngest, isIngestedElsewhere } from './ingest-files.ts';
import type { StorePaths } from './store-paths.ts';

/** The blobs folder of the store. */
export class ContentStore implements BlobStore {
  readonly #paths: StorePaths;

  constructor(paths: StorePaths) {
    this.#paths = paths;
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.size(digest)) !== null;
  }

  async size(digest: Digest): Promise<number | null> {
    return statSync(this.#paths.blob(digest), { throwIfNoEntry: false })?.size ?? null;
  }

  open(digest: Digest, range: { readonly start?: number; readonly end?: number } = {}): Readable {
    const { start = 0, end = Number.POSITIVE_INFINITY } = range;
    // createReadStream counts its end inclusively and cannot say "nothing".
    if (end <= start) return Readable.from([], { objectMode: false });
    return createReadStream(this.#paths.blob(digest), {
      start,
      end: end - 1,
      highWaterMark: 1 << 20,
    });
  }

  /** The whole blob; for manifests and configs. Throws `not-found`. */
  async read(digest: Digest): Promise<Buffer> {
    return readFile(this.#paths.blob(digest)).catch((error) => {
      if (!isMissing(error)) throw error;
      throw new AppError('not-found', `${digest} is not in the store.`, {
        detail: { kind: 'path', path: this.#paths.blob(digest) },
      });
    });
  }

  /** Bytes `start` to `end`, exclusive, of a blob; null where it is not there or ends before. */
  async readPart(digest: Digest, start: number, end: number): Promise<Buffer | null> {
    const file = await open(this.#paths.blob(digest)).catch(nullWhenMissing);
    if (file === null) return null;
    try {
      const part = Buffer.allocUnsafe(end - start);
      const { bytesRead } = await file.read(part, 0, part.length, start);
      return bytesRead === part.length ? part : null;
    } finally {
      await file.close();
    }
  }

  async ingest(options: IngestOptions = {}): Promise<BlobWriter> {
    return BlobFileWriter.open(this.#paths, await claimIngest(this.#paths, options.key), options);
  }

  isIncoming(key: string, rank: 'any' | 'senior'): Promise<boolean> {
    return isIngestedElsewhere(this.#paths, key, rank);
  }

  /** Stores bytes that are at hand, unless they are there. */
  async put(bytes: Uint8Array): Promise<{ digest: Digest; size: number }> {
    const digest = parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    if (await this.touch(digest, bytes.length)) return { digest, size: bytes.length };
    const writer = await this.ingest();
    await writer.write(bytes);
    return writer.commit();
  }

  /**
   * Says that the blob is wanted now, so that a clean-up in any process keeps it while this one holds a lease.
   * False when it is not there, or has another size than it should.
   */
  async touch(digest: Digest, size?: number): Promise<boolean> {
    // A store that can be read but not written still serves; nobody can clean it up either.
    touchAtOnce(this.#paths.blob(digest));
    const actual = await this.size(digest);
    return actual !== null && (size === undefined || actual === size);
  }
}

function nullWhenMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
