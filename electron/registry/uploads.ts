import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { hasBlob } from './blobs.ts';
import { discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import { Patience } from './patience.ts';
import { type UploadStyle, uploadQuirks } from './quirks.ts';
import { mountAccess, pushAccess, type Repository } from './repository.ts';
import type { RetryWatch } from './retry.ts';
import { TryAgain } from './try-again.ts';
import type { BlobContent } from './upload-content.ts';
import {
  beginUpload,
  cancelUpload,
  findUpload,
  StyleRefused,
  sessionOf,
  type Upload,
  type UploadSession,
} from './upload-session.ts';
import { sendChunked, sendMonolithic, sendRest, sendStreamed } from './upload-styles.ts';
import { withDefaults } from './with-defaults.ts';

export interface UploadOptions extends RetryWatch {
  /** Bytes sent so far; goes back to what the registry has when an upload broke off. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Told how many bytes the registry had kept of an upload that broke off. */
  readonly onResume?: ((have: number) => void) | undefined;
  /** An upload that a refused mount began already. */
  readonly session?: UploadSession | undefined;
}

/** What came of a mount: the blob is there, or an upload was begun in its place, or nothing. */
export interface MountResult {
  readonly isMounted: boolean;
  readonly session: UploadSession | undefined;
}

/** Bytes that must have got further for the tries to count anew. */
const PROGRESS = 1024 * 1024;
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
 * Uploads a blob; the registry checks it against its digest. After a drop it goes on with what the registry kept, else
 * from the beginning, and tries another style where the registry cannot take the first. Throws what the registry
 * refuses with, `registry-unreachable`, `cancelled`.
 */
export async function uploadBlob(
  client: RegistryClient,
  repository: Repository,
  content: BlobContent,
  options: UploadOptions = {},
): Promise<void> {
  const { host } = repository.endpoint;
  const quirks = uploadQuirks(host);
  // What fails is tried again here, where it is known how much is there already, and nowhere below.
  const impatient = withDefaults(client, { isRepeated: false });
  const state: UploadState = {
    session: options.session,
    styles: quirks.styles.slice(
      Math.max(0, quirks.styles.indexOf(client.uploadStyles.get(host) ?? 'monolithic')),
    ),
    isResumable: quirks.styles.includes('chunked'),
    isDropped: false,
    kept: 0,
    spoilt: 0,
  };
  const upload: Upload = {
    client: impatient,
    repository,
    content,
    maxChunk: quirks.maxChunk,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => undefined),
    onSession: (session) => {
      state.session = session;
    },
  };
  const patience = new Patience(client.retry, options);
  for (;;) {
    try {
      // It may have been the answer to a complete upload that got lost.
      const isThere = () =>
        hasBlob(impatient, repository, content.digest, pushAccess(repository), options.signal);
      if (state.isDropped && (await isThere())) return;
      await uploadOnce(upload, state, patience, options);
      client.uploadStyles.set(host, state.styles[0] ?? 'monolithic');
      return;
    } catch (error) {
      await afterFailure(error, state, patience, options);
    }
  }
}

/** What is known of an upload from one try to the next. */
interface UploadState {
  /** The upload that the registry began. */
  session: UploadSession | undefined;
  /** What is left to try, the first of them now. */
  styles: readonly UploadStyle[];
  /** The registry may keep what arrived of a broken request. */
  isResumable: boolean;
  /** The upload was begun and broke off. */
  isDropped: boolean;
  /** Bytes that the registry had kept at most. */
  kept: number;
  /** Times that other bytes arrived than were sent. */
  spoilt: number;
}

async function uploadOnce(
  upload: Upload,
  state: UploadState,
  patience: Patience,
  options: UploadOptions,
): Promise<void> {
  const kept = await findKept(upload, state);
  if (state.isDropped) options.onResume?.(kept?.have ?? 0);
  if (kept !== undefined && kept.have - state.kept >= PROGRESS) {
    state.kept = kept.have;
    patience.reset();
  }
  const session = kept ?? (state.isDropped ? undefined : state.session) ?? (await beginUpload(upload));
  state.session = session;
  state.isDropped = true;
  const style = state.styles[0] ?? 'monolithic';
  try {
    await (session.have > 0 && style !== 'chunked' ? sendRest : SEND[style])(upload, session);
  } catch (error) {
    if (isCancelled(error)) void cancelUpload(upload, (state.session ?? session).location);
    // It says it kept a part and does not take the rest: from the beginning then, as if it had kept nothing.
    if (error instanceof StyleRefused && session.have > 0 && style !== 'chunked') {
      state.isResumable = false;
      return uploadOnce(upload, state, patience, options);
    }
    throw error;
  }
}

async function findKept(upload: Upload, state: UploadState): Promise<UploadSession | undefined> {
  if (!state.isDropped || !state.isResumable || state.session === undefined) return undefined;
  return findUpload(upload, state.session);
}

/** Prepares the next try and waits for it; throws where there is none. */
async function afterFailure(
  error: unknown,
  state: UploadState,
  patience: Patience,
  options: UploadOptions,
): Promise<void> {
  if (error instanceof StyleRefused) {
    state.styles = otherStyles(state.styles, error);
    state.session = undefined;
    state.isDropped = false;
    if (state.styles.length === 0) throw error.refused;
    options.onRetry?.('the registry wants it sent in another way', Date.now());
    return;
  }
  if (error instanceof TryAgain && error.isSpoilt) {
    if (++state.spoilt > 1) throw error.failed;
    state.session = undefined;
  }
  await patience.afterFailure(error);
}

/** What is left to try; a blob that is too large for one request can only go in parts. */
function otherStyles(styles: readonly UploadStyle[], refused: StyleRefused): readonly UploadStyle[] {
  const left = styles.slice(1);
  return refused.status === 413 ? left.filter((style) => style === 'chunked') : left;
}
