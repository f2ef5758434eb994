import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, isDigest, shortDigest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageIndex, ImageManifest } from '#shared/oci/manifest.ts';
import { MANIFEST_SIZE_LIMIT, parseManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { digestMismatch, digestOf, verifyBytes } from '../image/content-digest.ts';
import type { Access } from './authorizer.ts';
import { discard, readBody } from './body.ts';
import type { RegistryClient } from './client.ts';
import { isHtml } from './errors.ts';
import { expectStatus, refusal } from './expect-status.ts';
import { deleteAccess, pullAccess, pushAccess, type Repository } from './repository.ts';
import type { RegistryResponse } from './request.ts';

/** A manifest or index as a registry gave it; `digest` is the hash of `bytes`. */
export interface FetchedManifest {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly document: ImageManifest | ImageIndex;
}

const ACCEPT = [
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.dockerList,
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.dockerManifest,
  // Schema 1 is asked for only to say clearly that it is not supported.
  MEDIA_TYPE.dockerSchema1,
  '*/*;q=0.1',
].join(', ');

/**
 * What a tag or digest names, without fetching it (a HEAD does not count as a pull on Docker Hub); null where it
 * names nothing. Where the registry gives no digest in its headers the manifest is fetched after all.
 */
export async function headManifest(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  signal?: AbortSignal,
  access: Access = pullAccess(repository),
): Promise<Descriptor | null> {
  return (await findManifest(client, repository, selector, signal, access))?.descriptor ?? null;
}

/** As {@link headManifest}, with the manifest itself where that had to be fetched. */
export async function findManifest(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  signal?: AbortSignal,
  access: Access = pullAccess(repository),
): Promise<{ readonly descriptor: Descriptor; readonly fetched?: FetchedManifest } | null> {
  const response = await ask(client, repository, 'HEAD', selector, signal, access);
  await discard(response);
  if (response.status === 404) return null;
  const digest = response.header('docker-content-digest') ?? '';
  const size = Number(response.header('content-length'));
  const mediaType = response.header('content-type')?.split(';')[0]?.trim() ?? '';
  if (response.status === 200 && isDigest(digest) && size > 0 && mediaType !== '')
    return { descriptor: { mediaType, digest, size } };
  const fetched = await fetchIfThere(client, repository, selector, signal, access);
  if (fetched === null) return null;
  const descriptor = { mediaType: fetched.mediaType, digest: fetched.digest, size: fetched.bytes.length };
  return { descriptor, fetched };
}

/**
 * What the tag of a push names now, null where it is free or its repository is yet to be made. Asked with the right to
 * push, since some registries let nobody read what does not exist; where that is refused, the push would be too.
 */
export function headForPush(
  client: RegistryClient,
  repository: Repository,
  tag: string,
  signal?: AbortSignal,
): Promise<Descriptor | null> {
  return headManifest(client, repository, tag, signal, pushAccess(repository));
}

/**
 * The manifest or index that a tag or digest names. Checked against the digest when asked by one. Throws `not-found`,
 * `digest-mismatch`, `malformed`, `unsupported`.
 */
export async function fetchManifest(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  signal?: AbortSignal,
): Promise<FetchedManifest> {
  const response = await ask(client, repository, 'GET', selector, signal);
  return readManifest(response, repository, selector, signal);
}

/** As {@link fetchManifest}; null in place of `not-found`. */
export async function fetchIfThere(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  signal?: AbortSignal,
  access: Access = pullAccess(repository),
): Promise<FetchedManifest | null> {
  const response = await ask(client, repository, 'GET', selector, signal, access);
  if (response.status !== 404) return readManifest(response, repository, selector, signal);
  await discard(response);
  return null;
}

/** What a registry said to a manifest it took. */
export interface PutManifestResult {
  readonly digest: Digest;
  /** The registry knows `subject` and lists this manifest among its referrers by itself. */
  readonly isSubjectKnown: boolean;
}

/**
 * Sends a manifest or index under a tag or its digest; all that it names must be there. Throws `conflict` for an
 * immutable tag, `digest-mismatch` where the registry stored other bytes.
 */
export async function putManifest(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  manifest: { readonly bytes: Uint8Array; readonly mediaType: string },
  signal?: AbortSignal,
): Promise<PutManifestResult> {
  const response = await client.send({
    endpoint: repository.endpoint,
    method: 'PUT',
    target: `${repository.path}/manifests/${selector}`,
    access: pushAccess(repository),
    headers: { 'content-type': manifest.mediaType },
    body: manifest.bytes,
    signal,
  });
  await expectStatus(response, [200, 201, 202, 204], repository, 'write', nameOf(selector));
  await discard(response);
  const digest = digestOf(manifest.bytes);
  const stored = response.header('docker-content-digest');
  if (stored?.startsWith('sha256:') && stored !== digest)
    throw digestMismatch(
      `What ${repository.endpoint.registry} stored as ${nameOf(selector)}`,
      digest,
      stored,
    );
  return { digest, isSubjectKnown: response.header('oci-subject') !== undefined };
}

/** Deletes a manifest by digest, or a tag where the registry can. Throws `unsupported` where deleting is turned off. */
export async function deleteManifest(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  signal?: AbortSignal,
): Promise<void> {
  const response = await client.send({
    endpoint: repository.endpoint,
    method: 'DELETE',
    target: `${repository.path}/manifests/${selector}`,
    access: deleteAccess(repository),
    signal,
  });
  await expectStatus(response, [200, 202, 204], repository, 'delete', nameOf(selector));
  await discard(response);
}

/** A tag or digest as it ends a sentence. */
export function nameOf(selector: string): string {
  return isDigest(selector) ? `image ${shortDigest(selector)}` : `tag ${selector}`;
}

function ask(
  client: RegistryClient,
  repository: Repository,
  method: 'GET' | 'HEAD',
  selector: string,
  signal: AbortSignal | undefined,
  access: Access = pullAccess(repository),
): Promise<RegistryResponse> {
  return client.send({
    endpoint: repository.endpoint,
    method,
    target: `${repository.path}/manifests/${selector}`,
    access,
    headers: { accept: ACCEPT },
    signal,
  });
}

async function readManifest(
  response: RegistryResponse,
  repository: Repository,
  selector: string,
  signal: AbortSignal | undefined,
): Promise<FetchedManifest> {
  if (response.status !== 200) throw await refusal(response, repository, 'read', nameOf(selector));
  const bytes = await readBody(response, MANIFEST_SIZE_LIMIT, signal);
  if (isHtml(response, Buffer.from(bytes.subarray(0, 200)).toString('latin1'))) throw webPage(repository);
  if (isDigest(selector)) verifyBytes(bytes, selector, `The manifest from ${repository.endpoint.host}`);
  const document = parseManifest(bytes, response.header('content-type'));
  const digest = isDigest(selector) ? selector : digestOf(bytes);
  return { bytes, digest, mediaType: document.mediaType, document };
}

function webPage({ endpoint }: Repository): AppError {
  return new AppError(
    'registry-error',
    `${endpoint.host} answered with a web page where a registry was expected.`,
    {
      hint: 'Check the host, the port and the name; a sign-in page or a proxy may stand before the registry.',
      detail: { kind: 'registry', host: endpoint.registry, status: 200 },
    },
  );
}
