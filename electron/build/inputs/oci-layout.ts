import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { isIndex, parseImageIndex, parseImageManifest, parseManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { selectPlatform } from '#shared/oci/select-platform.ts';
import { isMissing } from '../../platform/file-errors.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import type { NamedContext } from './named-contexts.ts';

type Layout = Extract<NamedContext, { kind: 'layout' }>;

/** The manifest that the layout names for a platform. Throws `not-found`, `malformed`. */
export async function findInLayout(layout: Layout, platform: Platform): Promise<Digest> {
  const index = parseImageIndex(await readFrom(layout, 'index.json'), MEDIA_TYPE.ociIndex);
  const found = index.manifests.filter((descriptor) => isWanted(descriptor, layout));
  const [first] = found;
  if (first === undefined) {
    throw new AppError('not-found', `The image layout ${layout.path} has no such image.`, {
      hint: `It holds ${index.manifests.map((one) => tagOf(one) ?? one.digest).join(', ') || 'none'}.`,
      detail: { kind: 'path', path: layout.path },
    });
  }
  if (found.length > 1 && found.every((one) => one.platform !== undefined))
    return selectPlatform({ ...index, manifests: found }, platform).digest;
  const document = parseManifest(await readBlob(layout, first.digest), first.mediaType);
  return isIndex(document) ? selectPlatform(document, platform).digest : first.digest;
}

/** Takes an image of a layout into the store; each blob is checked by its digest. Throws `not-found`, `digest-mismatch`. */
export async function takeFromLayout(store: Store, layout: Layout, manifest: Digest): Promise<ImageRecord> {
  const bytes = await readBlob(layout, manifest);
  const { config, layers } = parseImageManifest(bytes);
  for (const blob of [...layers, config, { digest: manifest, size: bytes.length }])
    if (!(await store.content.touch(blob.digest, blob.size))) await takeBlob(store, layout, blob);
  return store.addImage(manifest);
}

async function takeBlob(
  store: Store,
  layout: Layout,
  expected: { readonly digest: Digest; readonly size: number },
): Promise<void> {
  const writer = await store.content.ingest({ expected });
  try {
    const input = createReadStream(blobPath(layout, expected.digest), { highWaterMark: 1 << 20 });
    for await (const chunk of input) await writer.write(chunk as Buffer);
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw isMissing(error) ? notThere(layout, expected.digest, error) : error;
  }
}

function isWanted(descriptor: Descriptor, { tag, digest }: Layout): boolean {
  if (digest !== null) return descriptor.digest === digest;
  return tag === null || tagOf(descriptor) === tag;
}

/** The tag of an entry: the field holds one, or a whole reference. */
function tagOf({ annotations }: Descriptor): string | null {
  const name = annotations?.['org.opencontainers.image.ref.name'];
  return name === undefined ? null : name.slice(name.lastIndexOf(':') + 1);
}

function readBlob(layout: Layout, digest: Digest): Promise<Buffer> {
  const { algorithm, hex } = splitDigest(digest);
  return readFrom(layout, join('blobs', algorithm, hex));
}

function blobPath({ path }: Layout, digest: Digest): string {
  const { algorithm, hex } = splitDigest(digest);
  return join(path, 'blobs', algorithm, hex);
}

async function readFrom(layout: Layout, name: string): Promise<Buffer> {
  return readFile(join(layout.path, name)).catch((error) => {
    throw isMissing(error) ? notThere(layout, name, error) : error;
  });
}

function notThere({ path }: Layout, name: string, cause: unknown): AppError {
  return new AppError('not-found', `The image layout ${path} has no ${name}.`, {
    hint: 'It must be a folder with index.json and blobs, as skopeo and "strata save" write it once unpacked.',
    detail: { kind: 'path', path },
    cause,
  });
}
