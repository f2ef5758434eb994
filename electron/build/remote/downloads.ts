import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import { readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import { writeError } from '../../platform/file-errors.ts';

/** A file that was fetched; it lies in the cache. */
export interface DownloadedFile {
  /** sha256 of its content, hex. */
  readonly sha256: string;
  readonly size: number;
  /** Last-Modified in seconds since the epoch, 0 where the server does not tell. */
  readonly mtime: number;
}

interface DownloadRecord extends DownloadedFile {
  /** Without what signs in. */
  readonly url: string;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export interface DownloadOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Files fetched for ADD, kept by content so that they need not be fetched again while the server says that they are
 * the same:
 *
 *     <sha256 of the address>.json   what the server said of it last
 *     <sha256 of the content>        the bytes
 */
export class Downloads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The file at an address as it is now: fetched, or found unchanged (ETag, Last-Modified). Throws `not-found`,
   * `forbidden`, `registry-unreachable`, `tls`, `cancelled`.
   */
  async fetch(url: URL, options: DownloadOptions): Promise<DownloadedFile> {
    const known = await this.#known(url);
    const conditions: Record<string, string> = {};
    if (known?.etag !== undefined) conditions['if-none-match'] = known.etag;
    else if (known?.lastModified !== undefined) conditions['if-modified-since'] = known.lastModified;
    // The network is loaded with the first address: most builds have none.
    const { fetchUrl } = await import('./fetch-url.ts');
    const answer = await fetchUrl(url, { ...options, headers: { ...options.headers, ...conditions } });
    try {
      if (answer.status === 304 && known !== null) {
        answer.body.resume();
        return known;
      }
      if (answer.status !== 200) throw statusError(url, answer.status);
      return await this.#keep(url, answer.body, answer.header, options.signal);
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  /** The bytes of a file. */
  open({ sha256 }: DownloadedFile): Readable {
    return createReadStream(this.#contentPath(sha256), { highWaterMark: 1 << 20 });
  }

  /** The file with this content, if it was fetched from anywhere before. */
  async find(sha256: string): Promise<DownloadedFile | null> {
    const found = await stat(this.#contentPath(sha256)).catch(() => null);
    return found === null ? null : { sha256, size: found.size, mtime: Math.floor(found.mtimeMs / 1000) };
  }

  async #known(url: URL): Promise<DownloadRecord | null> {
    const record = (await readJsonIfThere(this.#recordPath(url))) as DownloadRecord | null;
    if (record === null || record.url !== hideCredentials(url.href)) return null;
    const found = await this.find(record.sha256);
    return found?.size === record.size ? record : null;
  }

  async #keep(
    url: URL,
    body: Readable,
    header: (name: string) => string | undefined,
    signal: AbortSignal,
  ): Promise<DownloadedFile> {
    const work = join(this.#folder, `.${randomBytes(8).toString('hex')}.tmp`);
    const hash = createHash('sha256');
    let size = 0;
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    try {
      await mkdir(this.#folder, { recursive: true });
      await pipeline(body, counted, createWriteStream(work), { signal });
      const lastModified = header('last-modified');
      const mtime = Math.max(0, Math.floor((Date.parse(lastModified ?? '') || 0) / 1000));
      const sha256 = hash.digest('hex');
      await utimes(work, mtime, mtime);
      await rename(work, this.#contentPath(sha256));
      const record: DownloadRecord = {
        url: hideCredentials(url.href),
        sha256,
        size,
        mtime,
        etag: header('etag'),
        lastModified,
      };
      await writeFileAtomic(this.#recordPath(url), JSON.stringify(record), { sync: false });
      return record;
    } catch (error) {
      await rm(work, { force: true });
      if (isCancelled(error)) throw new AppError('cancelled', 'The work was cancelled.', { cause: error });
      throw writeError(error, this.#folder);
    }
  }

  #recordPath(url: URL): string {
    return join(this.#folder, `${createHash('sha256').update(url.href).digest('hex')}.json`);
  }

  #contentPath(sha256: string): string {
    return join(this.#folder, sha256);
  }
}

function statusError(url: URL, status: number): AppError {
  const shown = hideCredentials(url.href);
  if (status === 401 || status === 403) {
    return new AppError('forbidden', `${url.host} refuses to give ${shown} (status ${status}).`, {
      hint: `Give the build a secret HTTP_AUTH_HEADER_${url.hostname} or HTTP_AUTH_TOKEN_${url.hostname}.`,
    });
  }
  if (status === 404 || status === 410)
    return new AppError('not-found', `There is nothing at ${shown} (status ${status}).`, {
      hint: 'Check the spelling of the address.',
    });
  return new AppError('registry-unreachable', `${url.host} answered ${shown} with status ${status}.`, {
    hint: 'Try again later, or look at the address in a browser.',
  });
}
