import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { type DiffId, type Digest, shortDigest, splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { digestMismatch } from '../image/content-digest.ts';
import type { Access } from './authorizer.ts';
import { discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import { expectStatus, refusal } from './expect-status.ts';
import { networkError } from './network-errors.ts';
import { Patience } from './patience.ts';
import { pullAccess, type Repository } from './repository.ts';
import type { RegistryResponse } from './request.ts';
import { isRetryStatus, type RetryWatch } from './retry.ts';
import { TryAgain } from './try-again.ts';

export interface ReadBlobOptions extends RetryWatch {
  /** First byte that is wanted, default 0. */
  readonly offset?: number | undefined;
}

/** Bytes that must have come since the last drop for the tries to count anew. */
const PROGRESS = 1024 * 1024;

/**
 * Whether a repository has a blob. Throws `unauthorized` or `forbidden` where it may not be asked, {@link TryAgain} where
 * the registry cannot say for the moment.
 */
export async function hasBlob(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  access: Access,
  signal?: AbortSignal,
): Promise<boolean> {
  const response = await client.send({
    endpoint: repository.endpoint,
    method: 'HEAD',
    target: `${repository.path}/blobs/${digest}`,
    access,
    signal,
    // A redirect to the storage says that the blob is there; the storage's address may be signed for GET alone.
    followAway: false,
  });
  await discard(response);
  const refused = () => refusal(response, repository, 'write', `layer ${shortDigest(digest)}`);
  if (isRetryStatus(response.status)) throw new TryAgain(response, await refused());
  if (response.status === 401 || response.status === 403) throw await refused();
  return response.status >= 200 && response.status < 400;
}

/**
 * The bytes of a blob from `offset` on, as many as its descriptor says. After a drop it goes on where it stopped.
 * Not checked against the digest: see {@link openBlob}. Throws `not-found`, `digest-mismatch` for another size,
 * `registry-unreachable`, `cancelled`.
 */
export async function* readBlob(
  client: RegistryClient,
  repository: Repository,
  descriptor: Descriptor,
  options: ReadBlobOptions = {},
): AsyncGenerator<Buffer, void, void> {
  const transfer: BlobTransfer = {
    client,
    repository,
    descriptor,
    options,
    at: options.offset ?? 0,
    etag: undefined,
  };
  const patience = new Patience(client.retry, options);
  while (transfer.at < descriptor.size) {
    const before = transfer.at;
    try {
      yield* readPart(transfer);
    } catch (error) {
      if (transfer.at - before >= PROGRESS) patience.reset();
      await patience.afterFailure(error);
    }
  }
}

/** The bytes of a blob as a stream that fails at its end with `digest-mismatch` where they are not what they should be. */
export function openBlob(
  client: RegistryClient,
  repository: Repository,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Readable {
  const verified = verifyStream(readBlob(client, repository, descriptor, { signal }), descriptor.digest);
  return Readable.from(verified, { objectMode: false, highWaterMark: 1024 * 1024 });
}

/** The same chunks; throws `digest-mismatch` at the end where their hash is not `digest`. */
export async function* verifyStream<T extends Uint8Array>(
  source: AsyncIterable<T>,
  digest: Digest | DiffId,
): AsyncGenerator<T, void, void> {
  const { algorithm, hex } = splitDigest(digest);
  const hash = createHash(algorithm);
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  const actual = hash.digest('hex');
  if (actual !== hex) throw digestMismatch(`Layer ${shortDigest(digest)}`, digest, `${algorithm}:${actual}`);
}

interface BlobTransfer {
  readonly client: RegistryClient;
  readonly repository: Repository;
  readonly descriptor: Descriptor;
  readonly options: ReadBlobOptions;
  /** The next byte to hand on. */
  at: number;
  etag: string | undefined;
}

/** Hands on what one answer brings; throws a transient error where it ends too early. */
async function* readPart(transfer: BlobTransfer): AsyncGenerator<Buffer, void, void> {
  const { descriptor, options } = transfer;
  const { response, start } = await openPart(transfer);
  let skip = transfer.at - start;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      const wanted = skip > 0 ? chunk.subarray(Math.min(skip, chunk.length)) : chunk;
      skip -= chunk.length - wanted.length;
      if (wanted.length === 0) continue;
      if (transfer.at + wanted.length > descriptor.size) throw wrongSize(transfer, 'more than');
      transfer.at += wanted.length;
      yield wanted;
    }
  } catch (error) {
    throw networkError(error, response.url.host, options.signal);
  }
  if (transfer.at < descriptor.size)
    throw networkError(
      Object.assign(new Error('The answer ended early'), { code: 'ECONNRESET' }),
      response.url.host,
    );
}

/** Asks for the rest; from the start where the server cannot give parts, and then `start` is before what is wanted. */
async function openPart(transfer: BlobTransfer): Promise<{ response: RegistryResponse; start: number }> {
  const ranged = transfer.at > 0 ? await request(transfer, true) : undefined;
  if (ranged?.status === 206) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)/.exec(ranged.header('content-range') ?? '') ?? [];
    if (total !== undefined && total !== '*' && Number(total) !== transfer.descriptor.size)
      throw await refuseSize(transfer, ranged);
    if (first !== undefined && Number(first) <= transfer.at)
      return { response: ranged, start: Number(first) };
  }
  const isUseful = ranged !== undefined && ranged.status !== 206 && ranged.status !== 416;
  if (ranged !== undefined && !isUseful) await discard(ranged);
  const response = isUseful ? ranged : await request(transfer, false);
  const what = `layer ${shortDigest(transfer.descriptor.digest)}`;
  if (isRetryStatus(response.status))
    throw new TryAgain(response, await refusal(response, transfer.repository, 'read', what));
  await expectStatus(response, [200], transfer.repository, 'read', what);
  const length = response.header('content-length');
  if (length !== undefined && Number(length) !== transfer.descriptor.size)
    throw await refuseSize(transfer, response);
  transfer.etag = strongEtag(response);
  return { response, start: 0 };
}

/** Goes to the registry's own address each time, since the storage's signed one expires. */
function request(transfer: BlobTransfer, isPart: boolean): Promise<RegistryResponse> {
  const { client, repository, descriptor, options } = transfer;
  const headers: Record<string, string> = {};
  if (isPart) headers.range = `bytes=${transfer.at}-`;
  if (isPart && transfer.etag !== undefined) headers['if-range'] = transfer.etag;
  return client.send({
    endpoint: repository.endpoint,
    method: 'GET',
    target: `${repository.path}/blobs/${descriptor.digest}`,
    access: pullAccess(repository),
    headers,
    signal: options.signal,
    // Repeated by the loop above, which knows how far it is.
    isRepeated: false,
  });
}

function strongEtag(response: RegistryResponse): string | undefined {
  const etag = response.header('etag');
  return etag?.startsWith('"') ? etag : undefined;
}

async function refuseSize(transfer: BlobTransfer, response: RegistryResponse): Promise<AppError> {
  response.body.destroy();
  return wrongSize(transfer, 'another number than');
}

function wrongSize({ repository, descriptor }: BlobTransfer, how: string): AppError {
  const { host } = repository.endpoint;
  const name = shortDigest(descriptor.digest);
  return new AppError(
    'digest-mismatch',
    `Layer ${name} at ${host} has ${how} the ${descriptor.size} bytes that its image says.`,
    {
      hint: 'The blob is damaged at the registry: push the image there again, or use another tag.',
      detail: { kind: 'registry', host: repository.endpoint.registry, repository: repository.path },
    },
  );
}
