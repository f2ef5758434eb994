import { AppError, type ErrorCode } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { ImageManifest } from '#shared/oci/manifest.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import type { Reference } from '#shared/oci/reference.ts';
import { openBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { fetchManifest, headManifest } from './manifests.ts';
import { isForeignLayer } from './push.ts';
import { type PushBlob, type PushOptions, pushWithBlobs } from './push-blobs.ts';
import { listReferrers, putReferrer, type Referrer } from './referrers.ts';
import { ownRepository, type Repository } from './repository.ts';
import { contentOfStream } from './upload-content.ts';

/** From where to where something is copied. */
export interface CopyPlaces {
  readonly client: RegistryClient;
  readonly from: Repository;
  readonly to: Repository;
  readonly options: PushOptions;
}

/** Copies all that was attached to a manifest; returns how many. */
export async function copyReferrers(places: CopyPlaces, subject: Digest): Promise<number> {
  const { client, from, options } = places;
  const referrers = await listReferrers(client, from, subject, options.signal);
  for (const referrer of referrers) await copyReferrer(places, referrer);
  return referrers.length;
}

/**
 * Brings to `target` what was attached to manifests in other repositories that hold them; returns how many. Repositories
 * that lack a manifest are passed over.
 */
export async function carryReferrers(
  client: RegistryClient,
  sources: readonly Reference[],
  target: Reference,
  subjects: readonly Digest[],
  options: PushOptions,
): Promise<number> {
  const to = ownRepository(client, target);
  const isOther = ({ domain, path }: Reference) => domain !== target.domain || path !== target.path;
  const others = new Map(sources.filter(isOther).map((each) => [`${each.domain}/${each.path}`, each]));
  let count = 0;
  for (const source of others.values()) {
    const from = ownRepository(client, source);
    for (const subject of subjects) {
      const isThere = await holds(client, from, subject, options.signal);
      const mountFrom = () => [source];
      if (isThere)
        count += await copyReferrers({ client, from, to, options: { ...options, mountFrom } }, subject);
    }
  }
  return count;
}

/** A name that an image has here need not mean anything at the registry that it says. */
const NOT_THERE: readonly ErrorCode[] = ['not-found', 'unauthorized', 'forbidden', 'registry-unreachable'];

async function holds(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return (await headManifest(client, repository, digest, signal)) !== null;
  } catch (error) {
    if (error instanceof AppError && NOT_THERE.includes(error.code)) return false;
    throw error;
  }
}

async function copyReferrer(places: CopyPlaces, { descriptor, via, tag }: Referrer): Promise<void> {
  const { client, from, to, options } = places;
  const { signal } = options;
  const { document, bytes, mediaType, digest } = await fetchManifest(client, from, descriptor.digest, signal);
  if (isIndex(document)) return;
  // Cosign's older kind names what it belongs to in its tag alone.
  const selector = via === 'cosign-tag' && tag !== undefined ? tag : digest;
  await pushWithBlobs(client, to, remoteBlobs(places, document), { selector, bytes, mediaType }, options);
  if (document.subject === undefined) return;
  await putReferrer(client, to, { bytes, document: { ...document, subject: document.subject } }, signal);
}

/** The blobs of a manifest where they are: the layers, then the config, each once. */
export function remoteBlobs(
  { client, from }: Pick<CopyPlaces, 'client' | 'from'>,
  document: ImageManifest,
): readonly PushBlob[] {
  const descriptors = [...document.layers.filter((layer) => !isForeignLayer(layer)), document.config];
  const unique = new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor]));
  return [...unique.values()].map((descriptor) => ({
    descriptor,
    content: contentOfStream(descriptor.digest, descriptor.size, async (signal) =>
      openBlob(client, from, descriptor, signal),
    ),
  }));
}
