import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { CONFIG_SIZE_LIMIT } from '#shared/oci/config-codec.ts';
import { type Digest, shortDigest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import { isIndex, MANIFEST_SIZE_LIMIT, parseManifest } from '#shared/oci/manifest-codec.ts';
import { layerCompression, MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { Platform } from '#shared/oci/platform.ts';
import type { Reference } from '#shared/oci/reference.ts';
import { selectPlatform } from '#shared/oci/select-platform.ts';
import type { BlobStore } from '../image/blob-store.ts';
import type { RegistryClient } from './client.ts';
import { type FetchedManifest, fetchManifest, findManifest } from './manifests.ts';
import { type Repository, readRepositories, selectorOf } from './repository.ts';

/** A manifest that was chosen, and all documents on the way to it. */
export interface ResolvedImage {
  readonly root: FetchedManifest;
  readonly image: FetchedManifest & { readonly document: ImageManifest };
  /** Index, nested indexes, manifest: outermost first. */
  readonly documents: readonly FetchedManifest[];
  readonly repository: Repository;
}

const NESTING = 3;

/**
 * Finds the manifest of a platform: asks the mirror, then the registry; takes documents from the store where they are
 * there, so that nothing counts as a pull. Throws
 * `not-found` (also for a missing platform), `digest-mismatch`, `malformed`, `unsupported`.
 */
export async function resolveImage(
  client: RegistryClient,
  reference: Reference,
  platform: Platform,
  options: { readonly store?: BlobStore | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ResolvedImage> {
  const [first, second] = readRepositories(client, reference);
  if (first === undefined) throw new AppError('internal', `No server is known for ${reference.domain}.`);
  try {
    return await resolveAt(client, first, reference, platform, options);
  } catch (mirrorError) {
    if (second === undefined || isCancelled(mirrorError)) throw mirrorError;
    return resolveAt(client, second, reference, platform, options).catch((error: unknown) => {
      throw withMirrorWords(error, mirrorError, first);
    });
  }
}

/** The registry's error with what the mirror said before, since either may be the one to mend. */
function withMirrorWords(error: unknown, mirrorError: unknown, mirror: Repository): unknown {
  if (!(error instanceof AppError) || !(mirrorError instanceof Error) || isCancelled(error)) return error;
  const said = `The mirror ${mirror.endpoint.host} could not give it either: ${mirrorError.message}`;
  const hint = error.hint === undefined ? said : `${error.hint} ${said}`;
  return new AppError(error.code, error.message, { hint, detail: error.detail, cause: error.cause });
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
  const isAsked = digest === undefined && store !== undefined;
  const named = isAsked ? await findManifest(client, repository, selector, signal) : null;
  const known = digest ?? named?.descriptor.digest;
  const local = known && store ? await readDocument(store, known) : undefined;
  const found = local ?? named?.fetched ?? (await fetchManifest(client, repository, selector, signal));
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

/** Throws `unsupported` where a manifest is of something else than a container image (a chart, a signature). */
export function refuseArtifact({ config, layers, artifactType }: ImageManifest): void {
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
