import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';

/** Files up to here are read as documents: manifests, configs, indexes. In bytes. */
export const DOCUMENT_LIMIT = 4 * 1024 * 1024;

/** Where an OCI image layout keeps a blob (image-spec, image layout). */
export function blobPath(digest: Digest): string {
  const { algorithm, hex } = splitDigest(digest);
  return `blobs/${algorithm}/${hex}`;
}

/** The reference that an entry of `index.json` gives its image; null where it gives none that is a reference. */
export function nameOfEntry({ annotations }: Descriptor): Reference | null {
  const text =
    annotations?.['io.containerd.image.name'] ?? annotations?.['org.opencontainers.image.ref.name'];
  return text === undefined ? null : readName(text);
}

/** The field may hold any text, such as a bare tag that names no repository. */
function readName(text: string): Reference | null {
  try {
    return withDefaultTag(parseReference(text));
  } catch {
    return null;
  }
}

const dockerManifest = z.array(
  z.object({ Config: z.string(), RepoTags: z.array(z.string()).nullish(), Layers: z.array(z.string()) }),
);

/** An image as `manifest.json` of `docker save` describes it: paths in the archive, layers oldest first. */
export interface DockerArchiveImage {
  readonly config: string;
  readonly layers: readonly string[];
  readonly names: readonly Reference[];
}

/** Reads `manifest.json`. Throws `malformed`. */
export function parseDockerManifest(document: Buffer): DockerArchiveImage[] {
  const parsed = dockerManifest.safeParse(parseJson(document));
  if (!parsed.success)
    throw new AppError('malformed', 'The manifest.json of the archive is not what docker writes.', {
      hint: 'The file may be damaged; save the image again.',
      cause: parsed.error,
    });
  return parsed.data.map(({ Config, RepoTags, Layers }) => ({
    config: cleanArchivePath(Config),
    layers: Layers.map(cleanArchivePath),
    names: (RepoTags ?? []).map(readName).filter((name) => name !== null),
  }));
}

function parseJson(document: Buffer): unknown {
  try {
    return JSON.parse(document.toString('utf8'));
  } catch {
    return null;
  }
}

function cleanArchivePath(path: string): string {
  return path.replace(/^\.\//, '');
}

/** The media type of a layer by its first bytes, six at least where there are as many. */
export function layerMediaType(head: Buffer): string {
  const hex = head.toString('hex');
  if (hex.startsWith('1f8b')) return MEDIA_TYPE.ociLayerGzip;
  return hex.startsWith('28b52ffd') ? MEDIA_TYPE.ociLayerZstd : MEDIA_TYPE.ociLayer;
}

/** The error for a path that a document of the archive names and that is not there. */
export function missingFile(path: string): AppError {
  return new AppError('malformed', `The archive has no ${path}, although its manifest names it.`, {
    hint: 'The file may be cut off; save the image again.',
  });
}

/** The error for a document that is far larger than such a document is. */
export function tooLarge(path: string): AppError {
  return new AppError('malformed', `${path} is too large for what it should be.`, {
    hint: 'This is no image archive, or one made to do harm.',
  });
}

/** The error for a file or folder that holds no image. */
export function notAnImage(): AppError {
  return new AppError('malformed', 'This is no image archive: it has neither index.json nor manifest.json.', {
    hint: 'Choose what "docker save", "strata save" or skopeo wrote.',
  });
}
