import { isDigest } from '#shared/oci/digest.ts';
import type { ImageIndex } from '#shared/oci/manifest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { repositoryName } from '#shared/oci/reference.ts';
import { referenceOf } from '../store/names.ts';
import { linkTo, pageOf } from './page.ts';
import { sharedName, sharedRepository } from './share-names.ts';
import { answer, answerJson, type ShareCall } from './share-request.ts';
import { SpecError } from './spec-error.ts';

/** `GET /v2/_catalog`. */
export async function serveCatalog(call: ShareCall): Promise<void> {
  const names = await call.site.store.names.list();
  const all = names.map((name) => sharedRepository(referenceOf(name))).filter((name) => name !== null);
  const page = pageOf(all, call.query);
  answerJson(call, { repositories: page.names }, linkTo('/v2/_catalog', page));
}

/** `GET /v2/<name>/tags/list`. */
export async function serveTags(call: ShareCall, repository: string): Promise<void> {
  const wanted = repositoryName(sharedName(repository, undefined, call.query.get('ns') ?? undefined));
  const references = (await call.site.store.names.list())
    .map(referenceOf)
    .filter((reference) => repositoryName(reference) === wanted);
  if (references.length === 0)
    throw new SpecError(404, 'NAME_UNKNOWN', `There is no repository ${repository} in the store.`);
  const tags = references.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
  const page = pageOf(tags, call.query);
  answerJson(call, { name: repository, tags: page.names }, linkTo(`/v2/${repository}/tags/list`, page));
}

/** `GET /v2/<name>/referrers/<digest>`: what was attached to a manifest, whether that is here or not. */
export async function serveReferrers(call: ShareCall, digest: string): Promise<void> {
  if (!isDigest(digest)) throw new SpecError(400, 'DIGEST_INVALID', `${digest} is not a digest.`);
  const wanted = call.query.get('artifactType') ?? '';
  const attached = (await call.site.store.documents.list()).filter(
    ({ subject, artifactType }) => subject === digest && (wanted === '' || artifactType === wanted),
  );
  const index: ImageIndex = {
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: attached.map(({ mediaType, digest, size, artifactType, annotations }) => ({
      mediaType,
      digest,
      size,
      annotations,
      artifactType: artifactType ?? undefined,
    })),
  };
  const filtered: Record<string, string> = wanted === '' ? {} : { 'oci-filters-applied': 'artifactType' };
  answer(call, 200, { 'content-type': MEDIA_TYPE.ociIndex, ...filtered }, encodeManifest(index));
}
