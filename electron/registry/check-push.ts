import type { PushCheck } from '#shared/contract/registries.ts';
import { isCancelled } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import { canonicalReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { imageDescriptors } from '#shared/oci/select-platform.ts';
import { nextVersions, versionLength } from '#shared/oci/version-tags.ts';
import { readBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import type { CredentialLookup } from './credentials/credential.ts';
import { fetchManifest, headForPush } from './manifests.ts';
import { ownRepository, type Repository } from './repository.ts';
import { listTags } from './tags.ts';
import { usernameOf } from './token.ts';

/** What a push would send. */
export interface PushSubject {
  /** Digest that the tag would name; null where the engine only knows afterwards. */
  readonly digest: string | null;
  readonly layers: PushCheck['layers'];
  /** What it was built on, null where that is not known. */
  readonly baseName: string | null;
  readonly totalBytes: number;
}

export interface CheckPushOptions {
  readonly credentials: CredentialLookup;
  /** Tag names that are meant to move, as Settings has them. */
  readonly floatingTags: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a push to `target` would meet: what the tag names there now, whether it may move, and the next free versions.
 * Sends nothing. A registry that cannot be asked is told as `unknown`; throws only `cancelled`.
 */
export async function checkPush(
  client: RegistryClient,
  subject: PushSubject,
  target: Reference,
  options: CheckPushOptions,
): Promise<PushCheck> {
  const named = withDefaultTag({ ...target, digest: undefined });
  const tag = named.tag ?? 'latest';
  const repository = ownRepository(client, named);
  const { endpoint } = repository;
  const found = await options.credentials
    .find(endpoint.registry, named.path, options.signal)
    .catch(rethrowCancelled);
  const remote = await askRemote(client, repository, tag, subject.digest, options.signal);
  const isVersion = versionLength(tag) > 0;
  const tags =
    isVersion && remote.state !== 'unknown' ? await readTags(client, repository, options.signal) : [];
  return {
    reference: canonicalReference(named),
    host: endpoint.registry,
    repository: named.path,
    tag,
    insecure: await client.isPlain(endpoint, options.signal).catch(rethrowCancelled).then(Boolean),
    username: found ? (usernameOf(found.credential) ?? null) : null,
    credentialSource: found?.source ?? null,
    remote,
    floating: options.floatingTags.includes(tag),
    localDigest: subject.digest,
    totalBytes: subject.totalBytes,
    layers: subject.layers,
    baseName: subject.baseName,
    nextVersions: nextVersions(tag, tags),
  };
}

async function askRemote(
  client: RegistryClient,
  repository: Repository,
  tag: string,
  localDigest: string | null,
  signal: AbortSignal | undefined,
): Promise<PushCheck['remote']> {
  try {
    const head = await headForPush(client, repository, tag, signal);
    if (head === null) return { state: 'absent' };
    if (head.digest === localDigest) return { state: 'same', digest: head.digest };
    const createdAt = await readCreated(client, repository, head.digest, signal).catch(rethrowCancelled);
    return { state: 'different', digest: head.digest, createdAt: createdAt ?? null };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { state: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

/** When the image was made, as its config says, milliseconds since the epoch; of an index the first image counts. */
async function readCreated(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const { document } = await fetchManifest(client, repository, selector, signal);
  if (isIndex(document)) {
    const [first] = imageDescriptors(document);
    return first === undefined ? null : readCreated(client, repository, first.digest, signal);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of readBlob(client, repository, document.config, { signal })) chunks.push(chunk);
  const created = Date.parse(parseConfig(Buffer.concat(chunks)).created ?? '');
  return Number.isNaN(created) || created <= 0 ? null : created;
}

async function readTags(
  client: RegistryClient,
  repository: Repository,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const tags: string[] = [];
  try {
    for await (const page of listTags(client, repository, { signal })) tags.push(...page);
  } catch (error) {
    // Not every registry lets its tags be listed; then the suggestions are only probably free.
    rethrowCancelled(error);
  }
  return tags;
}

function rethrowCancelled(error: unknown): undefined {
  if (isCancelled(error)) throw error;
  return undefined;
}
