import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { isIndex, MANIFEST_SIZE_LIMIT, parseManifest } from '#shared/oci/manifest-codec.ts';
import type { Store } from '../store/store.ts';
import { sharedName } from './share-names.ts';
import { answer, requireWritable, type ShareCall, tellUse } from './share-request.ts';
import { SpecError } from './spec-error.ts';

/** `GET` and `HEAD /v2/<name>/manifests/<tag or digest>`. */
export async function serveManifest(call: ShareCall, repository: string, selector: string): Promise<void> {
  const { store } = call.site;
  const digest = isDigest(selector) ? selector : await digestOfTag(call, repository, selector);
  const bytes = await readManifest(store, digest);
  if (bytes === null)
    throw new SpecError(404, 'MANIFEST_UNKNOWN', `There is no ${repository} with ${selector} in the store.`);
  if (call.request.method === 'GET') tellUse(call, 'pull', { repository, selector, digest });
  const headers = { 'docker-content-digest': digest, etag: `"${digest}"` };
  if (call.request.headers['if-none-match'] === headers.etag) return answer(call, 304, headers);
  answer(
    call,
    200,
    { ...headers, 'content-type': bytes.mediaType, 'content-length': bytes.bytes.length },
    bytes.bytes,
  );
}

/** `DELETE /v2/<name>/manifests/<tag>`: takes a name away; the image stays, and the journal can bring the name back. */
export async function deleteTag(call: ShareCall, repository: string, selector: string): Promise<void> {
  requireWritable(call);
  if (isDigest(selector))
    throw new SpecError(405, 'UNSUPPORTED', 'Only tags can be deleted here. Remove images with Strata.');
  const name = sharedName(repository, selector, call.query.get('ns') ?? undefined);
  if ((await call.site.store.removeName(name, 'share')) === null)
    throw new SpecError(404, 'MANIFEST_UNKNOWN', `There is no ${repository}:${selector} in the store.`);
  tellUse(call, 'untag', { repository, selector, digest: null });
  answer(call, 202, {});
}

/** What the client gets for a tag: the index where all that it lists is here, else the image that the name stands for. */
async function digestOfTag({ site, query }: ShareCall, repository: string, tag: string): Promise<Digest> {
  const name = await site.store.names.resolve(sharedName(repository, tag, query.get('ns') ?? undefined));
  if (name === null)
    throw new SpecError(404, 'MANIFEST_UNKNOWN', `There is no ${repository}:${tag} in the store.`);
  const { digest, indexDigest } = name;
  return indexDigest !== undefined && (await isWhole(site.store, indexDigest)) ? indexDigest : digest;
}

async function isWhole(store: Store, digest: Digest): Promise<boolean> {
  const found = await readManifest(store, digest);
  if (found === null || !isIndex(found.document)) return false;
  for (const child of found.document.manifests) {
    const known = (await store.images.get(child.digest)) ?? (await store.documents.get(child.digest));
    if (known === null) return false;
  }
  return true;
}

/** A manifest of the store, null where the digest names none. */
async function readManifest(store: Store, digest: Digest) {
  const size = await store.content.size(digest);
  if (size === null || size > MANIFEST_SIZE_LIMIT) return null;
  const bytes = await store.content.read(digest);
  try {
    const document = parseManifest(bytes);
    const recorded = (await store.images.get(digest)) ?? (await store.documents.get(digest));
    return { bytes, document, mediaType: recorded?.mediaType ?? document.mediaType };
  } catch {
    // A config or a small layer: a blob, but no manifest.
    return null;
  }
}
