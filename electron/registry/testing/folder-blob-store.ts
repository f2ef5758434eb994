import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BlobStore, BlobWriter, IngestOptions } from '#electron/image/blob-store.ts';
import { digestMismatch } from '#electron/image/content-digest.ts';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';

/** The plainest blob store there can be: a file per blob, a file per unfinished key. For tests. */
export class FolderBlobStore implements BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.size(digest)) !== null;
  }

  async size(digest: Digest): Promise<number | null> {
    return stat(this.#path(digest)).then(
      ({ size }) => size,
      () => null,
    );
  }

  async touch(digest: Digest, size?: number): Promise<boolean> {
    const actual = await this.size(digest);
    return actual !== null && (size === undefined || actual === size);
  }

  open(digest: Digest, range: { start?: number; end?: number } = {}): Readable {
    const end = range.end === undefined ? Number.POSITIVE_INFINITY : range.end - 1;
    return createReadStream(this.#path(digest), { start: range.start ?? 0, end, highWaterMark: 1 << 20 });
  }

  async read(digest: Digest): Promise<Buffer> {
    return readFile(this.#path(digest));
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const writer = await this.ingest({});
    await writer.write(bytes);
    return (await writer.commit()).digest;
  }

  async isIncoming(): Promise<boolean> {
    return false;
  }

  async ingest(options: IngestOptions): Promise<BlobWriter> {
    await mkdir(this.#folder, { recursive: true });
    const partial = join(this.#folder, `partial-${options.key ?? Math.random().toString(36).slice(2)}`);
    await appendFile(partial, '');
    const offset = (await stat(partial)).size;
    return {
      offset,
      write: (...chunks) => appendFile(partial, Buffer.concat(chunks)),
      commit: async () => {
        const bytes = await readFile(partial);
        const { algorithm } = splitDigest(options.expected?.digest ?? ('sha256:' as Digest));
        const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
        if (options.expected !== undefined && options.expected.digest !== digest) {
          await rm(partial);
          throw digestMismatch('The content', options.expected.digest, digest);
        }
        await rename(partial, this.#path(digest));
        return { digest, size: bytes.length };
      },
      abort: async ({ keep = false } = {}) => {
        if (!keep) await rm(partial, { force: true });
      },
    };
  }

  /** Leaves `bytes` behind as an interrupted transfer would. */
  async leavePartial(key: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, `partial-${key}`), bytes);
  }

  async partial(key: string): Promise<Buffer | null> {
    return readFile(join(this.#folder, `partial-${key}`)).catch(() => null);
  }

  #path(digest: Digest): string {
    return join(this.#folder, digest.replace(':', '-'));
  }
}
