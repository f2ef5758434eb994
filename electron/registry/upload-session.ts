import type { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import { expectStatus, refusal } from './expect-status.ts';
import { pushAccess, type Repository } from './repository.ts';
import type { RegistryResponse } from './request.ts';
import { isRetryStatus } from './retry.ts';
import type { Method } from './transport.ts';
import { TryAgain } from './try-again.ts';
import type { BlobContent } from './upload-content.ts';
import { guardUrl } from './url-guard.ts';

/** All that one try of an upload needs. */
export interface Upload {
  readonly client: RegistryClient;
  readonly repository: Repository;
  readonly content: BlobContent;
  /** Largest chunk in bytes that the registry takes. */
  readonly maxChunk: number;
  readonly signal: AbortSignal | undefined;
  /** Told how many bytes of the blob the registry was sent. */
  readonly onProgress: (done: number) => void;
  /** Told where the upload can be asked after and gone on with. */
  readonly onSession: (session: UploadSession) => void;
}

/** An upload that the registry has begun. */
export interface UploadSession {
  readonly location: URL;
  /** The registry's least chunk in bytes (`OCI-Chunk-Min-Length`), 0 where it names none. */
  readonly minChunk: number;
  /** Bytes of the blob that the registry has already. */
  readonly have: number;
}

/** The registry cannot take the blob in this style; `refused` is the error to throw when there is no other. */
export class StyleRefused extends Error {
  readonly status: number;
  readonly refused: AppError;

  constructor(status: number, refused: AppError) {
    super(refused.message);
    this.status = status;
    this.refused = refused;
  }
}

/** A push of this length may be silent while the registry checks and moves a large blob. */
const PATIENT_MS = 10 * 60_000;
const OTHER_STYLE = new Set([400, 404, 405, 411, 413, 415, 416, 501]);
const NOT_ABOUT_STYLE = new Set(['NAME_UNKNOWN', 'NAME_INVALID', 'DENIED', 'UNAUTHORIZED']);

/** Asks the registry to begin an upload. */
export async function beginUpload(upload: Upload): Promise<UploadSession> {
  const { client, repository, signal } = upload;
  const response = await client.send({
    endpoint: repository.endpoint,
    method: 'POST',
    target: `${repository.path}/blobs/uploads/`,
    access: pushAccess(repository),
    signal,
  });
  if (isRetryStatus(response.status))
    throw new TryAgain(response, await refusal(response, repository, 'write', nameOf(upload)));
  await expectStatus(response, [202], repository, 'write', nameOf(upload));
  await discard(response);
  return sessionOf(response, repository);
}

/**
 * The upload as the registry has it after a drop (distribution-spec, "Get Blob Upload Status"); undefined where it kept
 * nothing, so that the upload must begin anew. Throws {@link TryAgain} where it cannot say for the moment.
 */
export async function findUpload(upload: Upload, session: UploadSession): Promise<UploadSession | undefined> {
  const { client, repository, content, signal } = upload;
  const { endpoint } = repository;
  const access = pushAccess(repository);
  const response = await client.send({ endpoint, method: 'GET', target: session.location, access, signal });
  // A faulty answer may be one about this upload alone; only a registry that is not ready is asked again.
  if ([429, 502, 503, 504].includes(response.status))
    throw new TryAgain(response, await refusal(response, repository, 'write', nameOf(upload)));
  await discard(response);
  if (response.status < 200 || response.status >= 300) return undefined;
  const have = haveByRange(response, 0);
  if (have <= 0 || have > content.size) return undefined;
  return { ...session, have, location: nextLocation(response, repository) ?? session.location };
}

/** What a registry says it has when it is asked; `0-0` stands for none, since nobody sends a single byte. */
export function haveByRange(response: RegistryResponse, fallback: number): number {
  const told = lastByte(response);
  if (told === undefined) return fallback;
  return told === 0 ? 0 : told + 1;
}

/** The `n` of `Range: 0-n`. */
export function lastByte(response: RegistryResponse): number | undefined {
  const last = /^(?:bytes[= ])?0-(\d+)$/.exec(response.header('range') ?? '')?.[1];
  return last === undefined ? undefined : Number(last);
}

/** The session that an answer's headers name. Throws `registry-error` where it names none. */
export function sessionOf(response: RegistryResponse, repository: Repository): UploadSession {
  const minChunk = Number(response.header('oci-chunk-min-length')) || 0;
  const location = nextLocation(response, repository);
  if (location !== undefined) return { location, minChunk, have: 0 };
  throw new AppError('registry-error', `${repository.endpoint.registry} does not say where to upload to.`, {
    hint: 'Check that the host is a container registry; a proxy before it may drop the Location header.',
    detail: { kind: 'registry', host: repository.endpoint.registry, status: response.status },
  });
}

/** Where the next request of an upload goes, undefined where the answer does not say. */
export function nextLocation(response: RegistryResponse, repository: Repository): URL | undefined {
  const text = response.header('location');
  if (text === undefined || !URL.canParse(text, response.url.href)) return undefined;
  const location = new URL(text, response.url);
  // A registry behind a proxy that ends TLS often does not know that it is spoken to by https.
  if (location.host === response.url.host) location.protocol = response.url.protocol;
  guardUrl(location, repository.endpoint, response.url);
  return location;
}

/** Sends one request of an upload and throws {@link StyleRefused} or {@link TryAgain} where that may help. */
export async function sendStep(
  upload: Upload,
  method: Method,
  location: URL,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | (() => Promise<Readable>) | undefined,
): Promise<RegistryResponse> {
  const { client, repository, signal } = upload;
  const access = pushAccess(repository);
  const { endpoint } = repository;
  const response = await client.send({
    endpoint,
    method,
    target: location,
    access,
    headers,
    body,
    signal,
    idleMs: PATIENT_MS,
  });
  if (response.status >= 200 && response.status < 300) {
    await discard(response);
    return response;
  }
  const error = await refusal(response, repository, 'write', nameOf(upload));
  const code = error.detail?.kind === 'registry' ? (error.detail.registryCode ?? '') : '';
  if (isRetryStatus(response.status) || code === 'DIGEST_INVALID') throw new TryAgain(response, error);
  if (OTHER_STYLE.has(response.status) && !NOT_ABOUT_STYLE.has(code))
    throw new StyleRefused(response.status, error);
  throw error;
}

/** The same address with the digest that ends an upload; what the address asks already is kept. */
export function withDigest(location: URL, digest: string): URL {
  const url = new URL(location);
  url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  return url;
}

/** Tells the registry that an upload will not be finished; it forgets it by itself anyway, so a failure means nothing. */
export async function cancelUpload(upload: Upload, location: URL): Promise<void> {
  const { client, repository } = upload;
  try {
    const response = await client.send({
      endpoint: repository.endpoint,
      method: 'DELETE',
      target: location,
      access: pushAccess(repository),
      signal: AbortSignal.timeout(5000),
    });
    await discard(response);
  } catch {
    // The registry drops unfinished uploads by itself after a while.
  }
}

function nameOf(upload: Upload): string {
  return `layer ${shortDigest(upload.content.digest)}`;
}
