import type { Readable } from 'node:stream';
import type { OpenedReferrer, Referrer, ReferrerList } from '#shared/contract/referrers.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import { isIndexType } from '#shared/oci/media-types.ts';
import { familiarRepository, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { isAttestation } from '#shared/oci/select-platform.ts';
import { openBlob, readBlob } from '../../registry/blobs.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { fetchManifest, headManifest } from '../../registry/manifests.ts';
import { listReferrers } from '../../registry/referrers.ts';
import { ownRepository, type Repository, selectorOf } from '../../registry/repository.ts';
import { readablePart } from './readable-part.ts';
import { referrerKind } from './referrer-kind.ts';

/** Parts larger than this are saved, not shown, in bytes. */
const SHOWN_BYTES = 512 * 1024;
const BELONGS_TO = 'vnd.docker.reference.digest';
const CREATED = 'org.opencontainers.image.created';

/** Lists and opens what was attached to images at registries. Every call throws what a registry refuses with. */
export interface ReferrerReader {
  /** `digest` is of the image that is meant, where the reference may lead to a list or to another one. */
  list(
    reference: string,
    options: { digest?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<ReferrerList>;
  /** `reference` has the digest of one of them. */
  open(reference: string, signal?: AbortSignal): Promise<OpenedReferrer>;
  /** The bytes of a part, whose digest `reference` has. */
  blob(reference: string, size: number, signal?: AbortSignal): Promise<Readable>;
}

/** A {@link ReferrerReader} over a client. */
export function createReferrerReader(client: () => Promise<RegistryClient>): ReferrerReader {
  return {
    list: async (text, { digest, signal }) => {
      const reference = withDefaultTag(parseReference(text));
      const wanted = digest === undefined ? undefined : parseDigest(digest);
      return listAll(await client(), reference, wanted, signal);
    },
    open: async (text, signal) => {
      const opened = await client();
      const { repository, digest } = placeOf(opened, text);
      return openReferrer(opened, repository, digest, signal);
    },
    blob: async (text, size, signal) => {
      const opened = await client();
      const { repository, digest } = placeOf(opened, text);
      const descriptor: Descriptor = { mediaType: 'application/octet-stream', digest, size };
      return openBlob(opened, repository, descriptor, signal) satisfies Readable;
    },
  };
}

async function listAll(
  client: RegistryClient,
  reference: Reference,
  wanted: Digest | undefined,
  signal: AbortSignal | undefined,
): Promise<ReferrerList> {
  const repository = ownRepository(client, reference);
  const named = await headManifest(client, repository, selectorOf(reference), signal);
  const listed = await attachedInIndex(client, repository, named, wanted, signal);
  const subjects = new Set<Digest>();
  const isThere = wanted === undefined || (await headManifest(client, repository, wanted, signal)) !== null;
  if (wanted !== undefined && isThere) subjects.add(wanted);
  if (named !== null && (wanted === undefined || listed !== null)) subjects.add(named.digest);
  const place = familiarRepository(reference);
  const found: Referrer[] = (listed ?? []).map((each) =>
    referrerView(place, each, each.annotations?.[BELONGS_TO] ?? '', 'index'),
  );
  for (const subject of subjects)
    for (const { descriptor, via } of await listReferrers(client, repository, subject, signal))
      found.push(referrerView(place, descriptor, subject, via));
  const unique = new Map(found.map((each) => [each.digest, each]));
  return { isThere: isThere && (named !== null || wanted !== undefined), referrers: [...unique.values()] };
}

/**
 * Attestations that lie in the list of images itself, as BuildKit puts them there: those of the wanted image, or all.
 * Null where the reference leads to no list that holds it.
 */
async function attachedInIndex(
  client: RegistryClient,
  repository: Repository,
  named: Descriptor | null,
  wanted: Digest | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[] | null> {
  if (named === null || !isIndexType(named.mediaType)) return null;
  const { document } = await fetchManifest(client, repository, named.digest, signal);
  if (!isIndex(document)) return null;
  if (wanted !== undefined && document.manifests.every(({ digest }) => digest !== wanted)) return null;
  return document.manifests.filter(
    (each) => isAttestation(each) && (wanted === undefined || each.annotations?.[BELONGS_TO] === wanted),
  );
}

function referrerView(
  place: string,
  descriptor: Descriptor,
  subject: string,
  via: Referrer['via'],
): Referrer {
  const { digest, mediaType, size, artifactType, annotations } = descriptor;
  const created = Date.parse(annotations?.[CREATED] ?? '');
  return {
    reference: `${place}@${digest}`,
    digest,
    mediaType,
    size,
    artifactType: artifactType ?? null,
    kind: via === 'index' ? 'attestation' : referrerKind(artifactType, annotations),
    subject,
    via,
    createdAt: Number.isNaN(created) ? null : created,
  };
}

async function openReferrer(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<OpenedReferrer> {
  const { document, bytes } = await fetchManifest(client, repository, digest, signal);
  const manifest = readablePart(bytes) ?? '';
  if (isIndex(document)) return { manifest, parts: [] };
  const parts: OpenedReferrer['parts'] = [];
  for (const layer of document.layers) {
    const { mediaType, size, annotations = {} } = layer;
    const text = size > SHOWN_BYTES ? null : readablePart(await readWhole(client, repository, layer, signal));
    parts.push({ digest: layer.digest, mediaType, size, annotations: { ...annotations }, text });
  }
  return { manifest, parts };
}

async function readWhole(
  client: RegistryClient,
  repository: Repository,
  descriptor: Descriptor,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readBlob(client, repository, descriptor, { signal })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function placeOf(
  client: RegistryClient,
  text: string,
): { readonly repository: Repository; readonly digest: Digest } {
  const reference = parseReference(text);
  const { digest } = reference;
  if (digest === undefined) throw new AppError('invalid-input', `${text} names no digest.`);
  return { repository: ownRepository(client, reference), digest };
}
