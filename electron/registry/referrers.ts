import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageIndex, ImageManifest } from '#shared/oci/manifest.ts';
import { encodeManifest, isIndex, MANIFEST_SIZE_LIMIT, parseImageIndex } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { digestOf } from '../image/content-digest.ts';
import { discard, readBody } from './body.ts';
import type { RegistryClient } from './client.ts';
import { isHtml } from './errors.ts';
import { nextPage } from './link.ts';
import { fetchIfThere, headManifest, putManifest } from './manifests.ts';
import { pullAccess, type Repository } from './repository.ts';

/** Something that was attached to an image: a signature, an SBOM, a provenance. */
export interface Referrer {
  readonly descriptor: Descriptor;
  /** How it was found: by the referrers API, by its fallback tag, or by a tag of cosign's older kind. */
  readonly via: 'api' | 'tag' | 'cosign-tag';
  /** Of cosign's older kind: the tag, which alone says what it belongs to. */
  readonly tag?: string;
}

const PAGES = 100;
const COSIGN_TAGS = [
  ['sig', 'application/vnd.dev.cosign.artifact.sig.v1+json'],
  ['att', 'application/vnd.dev.cosign.artifact.att.v1+json'],
  ['sbom', 'application/vnd.dev.cosign.artifact.sbom.v1+json'],
] as const;

/** All that was attached to a manifest. A registry without the API is asked by tag, as the specification lays down. */
export async function listReferrers(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  signal?: AbortSignal,
): Promise<readonly Referrer[]> {
  const byApi = await askApi(client, repository, digest, signal);
  const found = byApi ?? (await readFallback(client, repository, digest, signal))?.manifests ?? [];
  const via = byApi === undefined ? 'tag' : 'api';
  const referrers: Referrer[] = found.map((descriptor) => ({ descriptor, via }));
  const known = new Set(found.map((descriptor) => descriptor.digest));
  for (const [suffix, artifactType] of COSIGN_TAGS) {
    const tag = `${fallbackTag(digest)}.${suffix}`;
    const head = await headManifest(client, repository, tag, signal);
    if (head !== null && !known.has(head.digest))
      referrers.push({ descriptor: { ...head, artifactType }, via: 'cosign-tag', tag });
  }
  return referrers;
}

/**
 * Sends a manifest that has a subject; its blobs must be there. Where the registry does not list it by itself, the
 * subject's fallback tag is moved to an index that does.
 */
export async function putReferrer(
  client: RegistryClient,
  repository: Repository,
  manifest: {
    readonly bytes: Uint8Array;
    readonly document: ImageManifest & { readonly subject: Descriptor };
  },
  signal?: AbortSignal,
): Promise<Digest> {
  const { bytes, document } = manifest;
  const { mediaType, subject, annotations, artifactType = document.config.mediaType } = document;
  const { digest, isSubjectKnown } = await putManifest(
    client,
    repository,
    digestOf(bytes),
    { bytes, mediaType },
    signal,
  );
  if (isSubjectKnown) return digest;
  const index = await readFallback(client, repository, subject.digest, signal);
  const others = (index?.manifests ?? []).filter((each) => each.digest !== digest);
  const own: Descriptor = {
    mediaType,
    digest,
    size: bytes.length,
    artifactType,
    ...(annotations && { annotations }),
  };
  const next: ImageIndex = { mediaType: MEDIA_TYPE.ociIndex, manifests: [...others, own] };
  const body = { bytes: encodeManifest(next), mediaType: MEDIA_TYPE.ociIndex };
  await putManifest(client, repository, fallbackTag(subject.digest), body, signal);
  return digest;
}

/** The tag that stands in for the referrers API: `sha256-<hex>` (distribution-spec, referrers tag schema). */
export function fallbackTag(digest: Digest): string {
  const { algorithm, hex } = splitDigest(digest);
  const safe = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, '-');
  return `${safe(algorithm.slice(0, 32))}-${safe(hex.slice(0, 64))}`;
}

/**
 * What the referrers API lists; undefined where the registry has none. Some answer with a redirect to another host, a
 * web page or a refusal in place of a plain 404, which all mean the same.
 */
async function askApi(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let target: string | URL = `${repository.path}/referrers/${digest}`;
  for (let page = 0; page < PAGES; page++) {
    const response = await client.send({
      endpoint: repository.endpoint,
      method: 'GET',
      target,
      access: pullAccess(repository),
      headers: { accept: MEDIA_TYPE.ociIndex },
      signal,
      followAway: false,
      isRepeated: false,
    });
    if (response.status !== 200 || isHtml(response, '')) {
      await discard(response);
      return undefined;
    }
    found.push(...parseImageIndex(await readBody(response, MANIFEST_SIZE_LIMIT, signal)).manifests);
    const next = nextPage(response);
    if (next === undefined || next.href === response.url.href) break;
    target = next;
  }
  return found;
}

async function readFallback(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<ImageIndex | undefined> {
  const fetched = await fetchIfThere(client, repository, fallbackTag(digest), signal);
  return fetched !== null && isIndex(fetched.document) ? fetched.document : undefined;
}
