import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { hasBlob } from './blobs.ts';
import { discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import { isTransient } from './network-errors.ts';
import { type UploadStyle, uploadQuirks } from './quirks.ts';
import { mountAccess, pushAccess, type Repository } from './repository.ts';
import { retryDelay, wait } from './retry.ts';
import type { BlobContent } from './upload-content.ts';
import {
  beginUpload,
  cancelUpload,
  StyleRefused,
  sessionOf,
  TryAgain,
  type Upload,
  type UploadSession,
} from './upload-session.ts';
import { sendChunked, sendMonolithic, sendStreamed } from './upload-styles.ts';

export interface UploadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes sent so far; goes back to 0 when an upload begins anew. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly onRetry?: ((why: string) => void) | undefined;
  /** An upload that a refused mount began already. */
  readonly session?: UploadSession | undefined;
}

/** What came of a mount: the blob is there, or an upload was begun in its place, or nothing. */
export interface MountResult {
  readonly isMounted: boolean;
  readonly session: UploadSession | undefined;
}

const NOTHING: MountResult = { isMounted: false, session: undefined };
const SEND: Readonly<Record<UploadStyle, (upload: Upload, session: UploadSession) => Promise<void>>> = {
  monolithic: sendMonolithic,
  streamed: sendStreamed,
  chunked: sendChunked,
};

/** Asks the registry to take a blob over from another of its repositories; a refusal is no error, only nothing. */
export async function mountBlob(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  from: string,
  signal?: AbortSignal,
): Promise<MountResult> {
  const query = new URLSearchParams({ mount: digest, from });
  const response = await client
    .send({
      endpoint: repository.endpoint,
      method: 'POST',
      target: `${repository.path}/blobs/uploads/?${query}`,
      access: mountAccess(repository, from),
      signal,
    })
    .catch((error: unknown) => {
      // A token server may refuse to speak for the other repository; the upload has a token of its own.
      if (error instanceof AppError && ['unauthorized', 'forbidden'].includes(error.code)) return undefined;
      throw error;
    });
  if (response === undefined) return NOTHING;
  await discard(response);
  if (response.status === 201) return { isMounted: true, session: undefined };
  return response.status === 202 ? { isMounted: false, session: sessionOf(response, repository) } : NOTHING;
}

/**
 * Uploads a blob; the registry checks it against its digest. Begins anew after a drop, and tries another style where
 * the registry cannot take the first. Throws what the registry refuses with, `registry-unreachable`, `cancelled`.
 */
export async function uploadBlob(
  client: RegistryClient,
  repository: Repository,
  content: BlobContent,
  options: UploadOptions = {},
): Promise<void> {
  const { host } = repository.endpoint;
  const quirks = uploadQuirks(host);
  const upload: Upload = {
    client,
    repository,
    content,
    maxChunk: quirks.maxChunk,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => undefined),
  };
  let styles: readonly UploadStyle[] = quirks.styles.slice(
    Math.max(0, quirks.styles.indexOf(client.uploadStyles.get(host) ?? 'monolithic')),
  );
  let begun = options.session;
  for (let failures = 0, spoilt = 0; ; ) {
    const style = styles[0] ?? 'monolithic';
    try {
      await uploadOnce(upload, style, begun);
      client.uploadStyles.set(host, style);
      return;
    } catch (error) {
      begun = undefined;
      if (error instanceof StyleRefused) {
        styles = otherStyles(styles, error);
        if (styles.length === 0) throw error.refused;
        options.onRetry?.('the registry wants it sent in another way');
        continue;
      }
      if (!isTransient(error) && !(error instanceof TryAgain)) throw error;
      if (error instanceof TryAgain && error.isSpoilt && ++spoilt > 1) throw error.failed;
      if (++failures > client.retry.retries) throw error instanceof TryAgain ? error.failed : error;
      options.onRetry?.(error instanceof TryAgain ? error.message : 'the connection broke');
      const answer = error instanceof TryAgain ? error.response : undefined;
      await wait(retryDelay(failures - 1, client.retry, answer), options.signal);
      // It may have been the answer to a complete upload that got lost.
      if (await hasBlob(client, repository, content.digest, pushAccess(repository), options.signal)) return;
    }
  }
}

async function uploadOnce(
  upload: Upload,
  style: UploadStyle,
  begun: UploadSession | undefined,
): Promise<void> {
  const session = begun ?? (await beginUpload(upload));
  try {
    await SEND[style](upload, session);
  } catch (error) {
    if (isCancelled(error)) void cancelUpload(upload, session.location);
    throw error;
  }
}

/** What is left to try; a blob that is too large for one request can only go in parts. */
function otherStyles(styles: readonly UploadStyle[], refused: StyleRefused): readonly UploadStyle[] {
  const left = styles.slice(1);
  return refused.status === 413 ? left.filter((style) => style === 'chunked') : left;
}
