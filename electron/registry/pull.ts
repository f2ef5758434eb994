import { AppError } from '#shared/errors/app-error.ts';
import { CONFIG_SIZE_LIMIT } from '#shared/oci/config-codec.ts';
import { type Digest, shortDigest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import { isIndex, MANIFEST_SIZE_LIMIT, parseManifest } from '#shared/oci/manifest-codec.ts';
import { layerCompression, MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { selectPlatform } from '#shared/oci/select-platform.ts';
import type { BlobStore } from '../image/blob-store.ts';
import type { TransferOptions } from '../image/image.ts';
import { reportBlob } from './blob-progress.ts';
import type { RegistryClient } from './client.ts';
import { forEachParallel } from './limiter.ts';
import { type FetchedManifest, fetchManifest, headManifest } from './manifests.ts';
import { type PullContext, pullBlob } from './pull-blob.ts';
import { type Repository, readRepositories, selectorOf } from './repository.ts';

export interface PullOptions extends TransferOptions {
  readonly platform: Platform;
}

/** An image that is complete in the store; nothing names it yet. */
export interface PulledImage {
  /** With the tag that was pulled. */
  readonly reference: Reference;
  /** What the reference names: an index, or the manifest itself. */
  readonly root: Descriptor;
  /** The manifest of the chosen platform. */
  readonly manifest: Descriptor;
  readonly document: ImageManifest;
  /** The server it came from: a mirror, or the registry's own. */
  readonly from: string;
}

/** A manifest that was chosen, and all documents on the way to it. */
export interface ResolvedImage {
  readonly root: FetchedManifest;
  readonly image: FetchedManifest & { readonly document: ImageManifest };
  /** Index, nested indexes, manifest: outermost first. */
  readonly documents: readonly FetchedManifest[];
  readonly repository: Repository;
}

const BLOBS_AT_ONCE = 6;
const NESTING = 3;

/**
 * Fetches the image that a reference names for a platform into the store: manifests are checked, blobs that are there
 * are skipped, the others come side by side, then the manifest and last the index. Throws `not-found` (also for a
 * missing platform), `digest-mismatch`, `malformed`, `unsupported` and what a registry refuses with.
 */
export async function pullImage(
  client: RegistryClient,
  reference: Reference,
  store: BlobStore,
  options: PullOptions,
): Promise<PulledImage> {
  const named = withDefaultTag(reference);
  const resolved = await resolveImage(client, named, options.platform, { store, signal: options.signal });
  const { document } = resolved.image;
  refuseArtifact(document);
  const blobs = uniqueBlobs([...document.layers, document.config]);
  const reports = blobs.map((descriptor) => ({
    descriptor,
    progress: reportBlob(descriptor, options.onBlob),
  }));
  const own = readRepositories(client, named).filter(
    (each) => each.endpoint.host !== resolved.repository.endpoint.host,
  );
  const repositories = [resolved.repository, ...own.filter((each) => !each.endpoint.isMirror)];
  await forEachParallel(reports, BLOBS_AT_ONCE, options.signal, ({ descriptor, progress }, signal) => {
    const context: PullContext = { client, repositories, store, signal };
    return pullBlob(context, descriptor, progress);
  });
  for (const each of [...resolved.documents].reverse()) await storeDocument(store, each);
  return {
    reference: named,
    root: descriptorOf(resolved.root),
    manifest: descriptorOf(resolved.image),
    document,
    from: resolved.repository.endpoint.host,
  };
}

/**
 * Finds the manifest of a platform: asks the mirror, then the registry; takes documents from the store where they are
 * there, so that nothing counts as a pull. Throws as {@link pullImage}.
 */
export async function resolveImage(
  client: RegistryClient,
  reference: Reference,
  platform: Platform,
  options: { readonly store?: BlobStore | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ResolvedImage> {
  const repositories = readRepositories(client, reference);
  for (const repository of repositories) {
    try {
      return await resolveAt(client, repository, reference, platform, options);
    } catch (error) {
      const isLast = repository === repositories.at(-1);
      if (isLast || (error instanceof AppError && error.code === 'cancelled')) throw error;
    }
  }
  throw new AppError('internal', `No server is known for ${reference.domain}.`);
}

interface ResolveOptions {
  readonly store?: BlobStore | undefined;
  readonly signal?: AbortSignal | undefined;
}

async function resolveAt(
  client: RegistryClient,
  repository: Repository,
  reference: Reference,
  platform: Platform,
  options: ResolveOptions,
): Promise<ResolvedImage> {
  const root = await obtain(client, repository, selectorOf(reference), reference.digest, options);
  const documents = [root];
  for (let current = root; documents.length <= NESTING; ) {
    const { document } = current;
    if (!isIndex(document)) return { root, image: { ...current, document }, documents, repository };
    const chosen = selectPlatform(document, platform);
    current = await obtain(client, repository, chosen.digest, chosen.digest, options, chosen);
    documents.push(current);
  }
  throw new AppError('malformed', `The index that ${reference.path} names holds indexes without end.`);
}

/** A manifest from the store where it is there, else from the registry. A tag is first asked what it names. */
async function obtain(
  client: RegistryClient,
  repository: Repository,
  selector: string,
  digest: Digest | undefined,
  { store, signal }: ResolveOptions,
  listed?: Descriptor,
): Promise<FetchedManifest> {
  const known = digest ?? (store && (await headManifest(client, repository, selector, signal))?.digest);
  const local = known && store ? await readDocument(store, known) : undefined;
  const found = local ?? (await fetchManifest(client, repository, selector, signal));
  if (listed !== undefined && listed.mediaType !== found.mediaType) {
    throw new AppError(
      'malformed',
      `The index lists ${shortDigest(listed.digest)} as another type than it is.`,
      {
        hint: 'The image was damaged or made by a faulty tool; ask who published it.',
      },
    );
  }
  return found;
}

async function readDocument(store: BlobStore, digest: Digest): Promise<FetchedManifest | undefined> {
  const size = await store.size(digest);
  if (size === null || size > MANIFEST_SIZE_LIMIT) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of store.open(digest)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const document = parseManifest(bytes);
  return { bytes, digest, mediaType: document.mediaType, document };
}

async function storeDocument(store: BlobStore, manifest: FetchedManifest): Promise<void> {
  if (await store.has(manifest.digest)) return;
  const writer = await store.ingest({ expected: { digest: manifest.digest, size: manifest.bytes.length } });
  try {
    await writer.write(manifest.bytes);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.commit();
}

function refuseArtifact({ config, layers, artifactType }: ImageManifest): void {
  const isImage = config.mediaType === MEDIA_TYPE.ociConfig || config.mediaType === MEDIA_TYPE.dockerConfig;
  const strange = layers.find((layer) => layerCompression(layer.mediaType) === null);
  if (isImage && strange === undefined && config.size <= CONFIG_SIZE_LIMIT) return;
  const type = isImage
    ? (strange?.mediaType ?? 'an image config that is too large')
    : (artifactType ?? config.mediaType);
  throw new AppError('unsupported', `This is not a container image: it holds ${type}.`, {
    hint: 'Registries also keep charts, signatures and other artifacts; choose a tag that names an image.',
  });
}

function uniqueBlobs(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}

function descriptorOf({ mediaType, digest, bytes }: FetchedManifest): Descriptor {
  return { mediaType, digest, size: bytes.length };
}
