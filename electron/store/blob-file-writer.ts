import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import type { BlobWriter, IngestOptions } from '../image/blob-store.ts';
import { isMissing, writeError } from '../platform/file-errors.ts';
import { type IngestFile, releaseIngest } from './ingest-files.ts';
import type { StorePaths } from './store-paths.ts';

/** A {@link BlobWriter} over one file of the ingest folder. */
export class BlobFileWriter implements BlobWriter {
  readonly offset: number;
  readonly #paths: StorePaths;
  readonly #ingest: IngestFile;
  readonly #options: IngestOptions;
  readonly #file: FileHandle;
  readonly #hash: Hash;
  #size: number;

  private constructor(
    paths: StorePaths,
    ingest: IngestFile,
    options: IngestOptions,
    file: FileHandle,
    hash: Hash,
    size: number,
  ) {
    this.#paths = paths;
    this.#ingest = ingest;
    this.#options = options;
    this.#file = file;
    this.#hash = hash;
    this.#size = size;
    this.offset = size;
  }

  /** Opens the file and hashes what is already in it. */
  static async open(paths: StorePaths, ingest: IngestFile, options: IngestOptions): Promise<BlobFileWriter> {
    let file: FileHandle | undefined;
    try {
      file = await open(ingest.path, 'a+', 0o644);
      const algorithm = options.expected ? splitDigest(options.expected.digest).algorithm : 'sha256';
      const hash = createHash(algorithm);
      let size = 0;
      for await (const chunk of file.createReadStream({
        start: 0,
        autoClose: false,
        highWaterMark: 1 << 20,
      })) {
        hash.update(chunk as Buffer);
        size += (chunk as Buffer).length;
      }
      return new BlobFileWriter(paths, ingest, options, file, hash, size);
    } catch (error) {
      await file?.close().catch(() => undefined);
      throw writeError(error, ingest.path);
    }
  }

  async write(...chunks: readonly Uint8Array[]): Promise<void> {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const limit = this.#options.expected?.size;
    if (limit !== undefined && this.#size + length > limit) {
      await this.abort();
      throw mismatch(
        `The content is longer than the ${limit} bytes it should have.`,
        this.#options.expected?.digest,
        'longer',
      );
    }
    for (const chunk of chunks) this.#hash.update(chunk);
    this.#size += length;
    try {
      let done = (await this.#file.writev([...chunks])).bytesWritten;
      if (done === length) return;
      // A disk may take less than it is given, as before it is full.
      const all = Buffer.concat(chunks, length);
      while (done < length) done += (await this.#file.write(all, done)).bytesWritten;
    } catch (error) {
      throw writeError(error, this.#ingest.path);
    }
  }

  async commit(late?: Digest): Promise<{ digest: Digest; size: number }> {
    const expected = this.#options.expected ?? (late && { digest: late });
    const algorithm = splitDigest(this.#options.expected?.digest ?? 'sha256:').algorithm;
    const digest = `${algorithm}:${this.#hash.digest('hex')}` as Digest;
    if (expected && (expected.digest !== digest || (expected.size ?? this.#size) !== this.#size)) {
      await this.abort();
      throw mismatch(
        `The content is not what its digest says: ${this.#size} bytes with ${digest} came for ${expected.digest}.`,
        expected.digest,
        digest,
      );
    }
    try {
      await this.#file.datasync();
      await this.#file.close();
      await this.#publish(digest);
    } catch (error) {
      await this.abort();
      throw writeError(error, this.#paths.blob(digest));
    }
    return { digest, size: this.#size };
  }

  async #publish(digest: Digest): Promise<void> {
    const target = this.#paths.blob(digest);
    const now = new Date();
    // The age of a blob is when it was last wanted, not when a resumed download began.
    await utimes(this.#ingest.path, now, now);
    await rename(this.#ingest.path, target).catch(async (error) => {
      if (!isMissing(error)) throw error;
      await mkdir(dirname(target), { recursive: true });
      await rename(this.#ingest.path, target);
    });
  }

  async abort(options: { readonly keep?: boolean } = {}): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await releaseIngest(this.#paths, this.#ingest, options.keep === true);
  }
}

function mismatch(message: string, expected: string | undefined, actual: string): AppError {
  return new AppError('digest-mismatch', message, {
    hint: 'The sender or the network changed the bytes. Nothing was stored; try again, and tell the registry’s keeper if it happens again.',
    detail: { kind: 'digest', expected: expected ?? '', actual },
  });
}
