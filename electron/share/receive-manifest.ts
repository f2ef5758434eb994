import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { type Digest, isDigest, splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageIndex, ImageManifest } from '#shared/oci/manifest.ts';
import { isIndex, MANIFEST_SIZE_LIMIT, parseManifest } from '#shared/oci/manifest-codec.ts';
import { repositoryName } from '#shared/oci/reference.ts';
import { imageDescriptors, selectPlatform } from '#shared/oci/select-platform.ts';
import { digestOf } from '../image/content-digest.ts';
import { hostPlatform } from '../platform/host-platform.ts';
import { isForeignLayer } from '../registry/push.ts';
import { refuseArtifact } from '../registry/resolve.ts';
import { documentRecord } from '../store/document-records.ts';
import type { Store } from '../store/store.ts';
import { sharedName } from './share-names.ts';
import { answer, bodyOf, requireWritable, type ShareCall, tellUse } from './share-request.ts';
import { SpecError } from './spec-error.ts';

/**
 * `PUT /v2/<name>/manifests/<tag or digest>`: what is an image becomes one of the store, with its layers checked; the
 * rest (indexes, signatures, charts) is kept as it is. A tag becomes a name of the store.
 */
export async function receiveManifest(call: ShareCall, repository: string, selector: string): Promise<void> {
  requireWritable(call);
  const { site, request, query } = call;
  await site.uploads.keepAlive();
  const name = isDigest(selector) ? null : readTag(repository, selector, query.get('ns') ?? undefined);
  const bytes = await readBody(call);
  const digest = isDigest(selector) ? selector : digestOf(bytes);
  if (isDigest(selector) && digestOf(bytes, splitDigest(selector).algorithm) !== selector)
    throw new SpecError(400, 'DIGEST_INVALID', `The manifest that came is not the one of ${selector}.`);
  const document = parse(bytes, request.headers['content-type']);
  await requireParts(site.store, document);
  await storeManifest(site.store, digest, bytes);
  const isImage = !isIndex(document) && (await addAsImage(site.store, digest, document));
  if (!isImage || document.subject !== undefined)
    await site.store.documents.put(documentRecord(digest, bytes.length, document));
  if (name !== null) {
    const target = isIndex(document) ? await namedImage(site.store, digest, document) : { digest };
    await requireMovable(call, name, target.digest);
    await site.store.setName(name, target, 'share');
  }
  tellUse(call, 'push', { repository, selector, digest });
  const { subject } = document;
  answer(call, 201, {
    location: `/v2/${repository}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(subject === undefined ? {} : { 'oci-subject': subject.digest }),
  });
}

function readTag(repository: string, tag: string, namespace: string | undefined) {
  try {
    return sharedName(repository, tag, namespace);
  } catch (error) {
    // A name to be given is wrong where one to be read is merely unknown.
    if (!(error instanceof SpecError) || error.code !== 'MANIFEST_UNKNOWN') throw error;
    throw new SpecError(400, 'MANIFEST_INVALID', error.message);
  }
}

async function readBody(call: ShareCall): Promise<Buffer> {
  const tooLarge = () =>
    new SpecError(413, 'SIZE_INVALID', `A manifest may have at most ${MANIFEST_SIZE_LIMIT} bytes.`);
  if (Number(call.request.headers['content-length'] ?? 0) > MANIFEST_SIZE_LIMIT) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(call)) {
    size += chunk.length;
    if (size > MANIFEST_SIZE_LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function parse(bytes: Uint8Array, mediaType: string | undefined): ImageManifest | ImageIndex {
  try {
    return parseManifest(bytes, mediaType);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new SpecError(
      400,
      error.code === 'unsupported' ? 'UNSUPPORTED' : 'MANIFEST_INVALID',
      error.message,
    );
  }
}

/** Throws `MANIFEST_BLOB_UNKNOWN` where something that the manifest names is not here. Its subject need not be. */
async function requireParts(store: Store, document: ImageManifest | ImageIndex): Promise<void> {
  const parts: readonly Descriptor[] = isIndex(document)
    ? document.manifests
    : [document.config, ...document.layers.filter((layer) => !isForeignLayer(layer))];
  for (const { digest, size } of parts) {
    if (await store.content.touch(digest, size)) continue;
    throw new SpecError(
      404,
      'MANIFEST_BLOB_UNKNOWN',
      `${digest} with ${size} bytes is not here; send it first.`,
    );
  }
}

async function storeManifest(store: Store, digest: Digest, bytes: Uint8Array): Promise<void> {
  if (await store.content.touch(digest, bytes.length)) return;
  const writer = await store.content.ingest({ expected: { digest, size: bytes.length } });
  await writer.write(bytes);
  await writer.commit();
}

/** Reasons to keep a manifest as it is instead of showing it as an image. */
const NO_IMAGE = new Set(['malformed', 'unsupported', 'not-found']);

/**
 * Makes an image known after its layers were read once, which checks them against the config. False for what is no
 * image that can be opened. Throws `MANIFEST_INVALID` for layers that are not what the config says or that are unsafe.
 */
async function addAsImage(store: Store, digest: Digest, document: ImageManifest): Promise<boolean> {
  try {
    refuseArtifact(document);
    const { diffIds } = parseConfig(await store.content.read(document.config.digest));
    if (diffIds.length !== document.layers.length) return false;
    for (const [i, { digest, size, mediaType }] of document.layers.entries()) {
      const diffId = diffIds[i];
      if (diffId !== undefined) await store.layers.index({ digest, diffId, size, mediaType });
    }
    await store.addImage(digest);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (NO_IMAGE.has(error.code)) return false;
    if (error.code !== 'digest-mismatch' && error.code !== 'unsafe-archive') throw error;
    throw new SpecError(400, 'MANIFEST_INVALID', error.message);
  }
}

/** What a name of an index stands for in the store: its image for this machine, else any, else the index itself. */
async function namedImage(
  store: Store,
  indexDigest: Digest,
  index: ImageIndex,
): Promise<{ digest: Digest; indexDigest?: Digest }> {
  const candidates = imageDescriptors(index).map((descriptor) => descriptor.digest);
  const wanted = chosenFor(index);
  if (wanted !== null) candidates.unshift(wanted);
  for (const digest of candidates)
    if ((await store.images.get(digest)) !== null) return { digest, indexDigest };
  return { digest: indexDigest, indexDigest };
}

function chosenFor(index: ImageIndex): Digest | null {
  try {
    return selectPlatform(index, hostPlatform()).digest;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null;
    throw error;
  }
}

/** Throws `DENIED` where the tag names something else and Settings says that the repository's tags do not move. */
async function requireMovable(
  { site }: ShareCall,
  name: ReturnType<typeof sharedName>,
  digest: Digest,
): Promise<void> {
  const previous = await site.store.names.resolve(name);
  if (previous === null || previous.digest === digest) return;
  if (!(await site.isImmutable(name))) return;
  throw new SpecError(
    409,
    'DENIED',
    `The tags of ${repositoryName(name)} are marked as immutable in Strata, and ${name.tag} names ${previous.digest}.`,
  );
}
