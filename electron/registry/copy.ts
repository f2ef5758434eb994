import { AppError } from '#shared/errors/app-error.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { selectPlatform } from '#shared/oci/select-platform.ts';
import type { RegistryClient } from './client.ts';
import { type CopyPlaces, copyReferrers, remoteBlobs } from './copy-referrers.ts';
import { type FetchedManifest, fetchManifest } from './manifests.ts';
import { pushSelector } from './push.ts';
import { type PushOptions, pushWithBlobs, putPushed } from './push-blobs.ts';
import { ownRepository, type Repository, readRepositories, selectorOf } from './repository.ts';

export interface CopyOptions extends PushOptions {
  /** Signatures, SBOMs and attestations that were attached to what is copied come along. */
  readonly withReferrers?: boolean | undefined;
  /** Of an index the image of this platform alone is copied, and the tag names that one. */
  readonly platform?: Platform | undefined;
}

interface CopyContext extends CopyPlaces {
  readonly options: CopyOptions;
}

const NESTING = 3;

/**
 * Copies what `source` names, with all its platforms unless one is wanted, to `target` without storing it here: blobs
 * are mounted within one registry and streamed between two, children go before the index that lists them. Returns what
 * `target` names then.
 */
export async function copyBetweenRegistries(
  client: RegistryClient,
  source: Reference,
  target: Reference,
  options: CopyOptions = {},
): Promise<Descriptor> {
  const named = withDefaultTag(source);
  const { root, from } = await fetchWanted(client, named, options);
  const mountFrom: PushOptions['mountFrom'] = (digest) => [named, ...(options.mountFrom?.(digest) ?? [])];
  const context = { client, from, to: ownRepository(client, target), options: { ...options, mountFrom } };
  await copyManifest(context, root, pushSelector(target, root.digest), 0);
  return { mediaType: root.mediaType, digest: root.digest, size: root.bytes.length };
}

/**
 * What a copy sends under the name of its target: what the source names, or the image of one platform. Throws
 * `not-found` where the list has none for it.
 */
export async function fetchWanted(
  client: RegistryClient,
  source: Reference,
  { platform, signal }: Pick<CopyOptions, 'platform' | 'signal'>,
): Promise<{ readonly root: FetchedManifest; readonly from: Repository }> {
  const { root, from } = await fetchRoot(client, withDefaultTag(source), signal);
  if (platform === undefined || !isIndex(root.document)) return { root, from };
  const { digest } = selectPlatform(root.document, platform);
  return { root: await fetchManifest(client, from, digest, signal), from };
}

async function fetchRoot(
  client: RegistryClient,
  reference: Reference,
  signal: AbortSignal | undefined,
): Promise<{ readonly root: FetchedManifest; readonly from: Repository }> {
  const [first, second] = readRepositories(client, reference);
  if (first === undefined) throw new AppError('internal', `No server is known for ${reference.domain}.`);
  const fetch = (from: Repository) =>
    fetchManifest(client, from, selectorOf(reference), signal).then((root) => ({ root, from }));
  return second === undefined ? fetch(first) : fetch(first).catch(() => fetch(second));
}

async function copyManifest(
  context: CopyContext,
  manifest: FetchedManifest,
  selector: string,
  depth: number,
): Promise<void> {
  const { client, from, to, options } = context;
  const { document, bytes, mediaType, digest } = manifest;
  if (isIndex(document)) {
    if (depth >= NESTING) throw new AppError('malformed', 'The index holds indexes without end.');
    for (const child of document.manifests) {
      const fetched = await fetchManifest(client, from, child.digest, options.signal);
      await copyManifest(context, fetched, child.digest, depth + 1);
    }
    await putPushed(client, to, { selector, bytes, mediaType }, options);
  } else
    await pushWithBlobs(client, to, remoteBlobs(context, document), { selector, bytes, mediaType }, options);
  if (!options.withReferrers) return;
  await copyReferrers(context, digest);
}
