import { AppError } from '../errors/app-error.ts';
import { readDescriptor, writeAnnotations, writeDescriptor } from './descriptor-codec.ts';
import type { Descriptor, ImageIndex, ImageManifest } from './manifest.ts';
import { isIndexType, isManifestType, MEDIA_TYPE } from './media-types.ts';
import { encodeUtf8 } from './text.ts';
import { parseWireObject, readWire, type WireObject } from './wire.ts';

/** The largest manifest or index we read, in bytes: the limit that registries set themselves. */
export const MANIFEST_SIZE_LIMIT = 4 * 1024 * 1024;
const LAYER_COUNT_LIMIT = 2000;
const INDEX_COUNT_LIMIT = 10_000;
const WHAT = 'manifest';

/** Whether the document lists other manifests. */
export function isIndex(document: ImageManifest | ImageIndex): document is ImageIndex {
  return 'manifests' in document;
}

/**
 * Reads a manifest or an index (OCI 1.1, Docker schema 2). `mediaType` is what the bytes were served or
 * listed as: a document that says otherwise is refused, as is one that could be read as both (CVE-2021-41190).
 * Throws `malformed`, or `unsupported` for Docker's schema 1. The caller checks the digest of the bytes.
 */
export function parseManifest(bytes: Uint8Array, mediaType?: string): ImageManifest | ImageIndex {
  const document = parseWireObject(bytes, WHAT, MANIFEST_SIZE_LIMIT);
  refuseUnsupported(document, mediaType);
  const keys = new Set(Object.keys(document).map((key) => key.toLowerCase()));
  const wire = readWire(document, WHAT);
  if (keys.has('manifests') && (keys.has('layers') || keys.has('config')))
    throw wire.fail('it could be read as an image and as an index');
  const type = decideType(document, mediaType);
  const annotations = wire.textMap('annotations');
  const subject = wire.object('subject');
  const artifactType = wire.text('artifactType') || undefined;
  const rest = {
    ...(annotations === undefined ? {} : { annotations }),
    ...(subject === undefined ? {} : { subject: readDescriptor(subject, 'subject descriptor') }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
  if (isIndexType(type))
    return { mediaType: type, manifests: readList(document, 'manifests', INDEX_COUNT_LIMIT), ...rest };
  return {
    mediaType: type,
    config: readDescriptor(wire.object('config'), 'config descriptor'),
    layers: readList(document, 'layers', LAYER_COUNT_LIMIT),
    ...rest,
  };
}

/** As {@link parseManifest}, for a place where only one image can stand; throws `malformed` for an index. */
export function parseImageManifest(bytes: Uint8Array, mediaType?: string): ImageManifest {
  const document = parseManifest(bytes, mediaType);
  if (isIndex(document)) throw readWire({}, WHAT).fail('it is an index where an image was expected');
  return document;
}

/** As {@link parseManifest}, for a place where only an index can stand; throws `malformed` for an image. */
export function parseImageIndex(bytes: Uint8Array, mediaType?: string): ImageIndex {
  const document = parseManifest(bytes, mediaType);
  if (!isIndex(document)) throw readWire({}, WHAT).fail('it is an image where an index was expected');
  return document;
}

/** The bytes of a manifest or index: same document, same bytes, on every machine. */
export function encodeManifest(document: ImageManifest | ImageIndex): Uint8Array {
  const parts = isIndex(document)
    ? { manifests: document.manifests.map(writeDescriptor) }
    : { config: writeDescriptor(document.config), layers: document.layers.map(writeDescriptor) };
  const wire = {
    schemaVersion: 2,
    mediaType: document.mediaType,
    ...(document.artifactType ? { artifactType: document.artifactType } : {}),
    ...parts,
    ...(document.subject ? { subject: writeDescriptor(document.subject) } : {}),
    ...writeAnnotations(document.annotations),
  };
  return encodeUtf8(JSON.stringify(wire));
}

function refuseUnsupported(document: WireObject, served: string | undefined): void {
  const named = typeof document.mediaType === 'string' ? document.mediaType : '';
  const isSchema1 =
    document.schemaVersion === 1 ||
    'fsLayers' in document ||
    withoutParameters(served) === MEDIA_TYPE.dockerSchema1;
  if (isSchema1) {
    throw new AppError('unsupported', 'The image has the old Docker schema 1 format.', {
      hint: 'Push it again with a current Docker, or convert it with another tool.',
    });
  }
  if (named === 'application/vnd.oci.artifact.manifest.v1+json')
    throw new AppError('unsupported', 'The manifest is a withdrawn OCI artifact manifest, not an image.');
  if (document.schemaVersion !== 2) throw readWire(document, WHAT).fail('its schemaVersion is not 2');
}

/** The type the document has, from its own word, the word it was served with, and its shape, which must agree. */
function decideType(document: WireObject, served: string | undefined): string {
  const wire = readWire(document, WHAT);
  const own = wire.text('mediaType') || undefined;
  if (own !== undefined && !isKnownType(own)) throw wire.fail(`"${own}" is not the type of a manifest`);
  const servedType = withoutParameters(served);
  const outer = servedType !== undefined && isKnownType(servedType) ? servedType : undefined;
  if (own !== undefined && outer !== undefined && own !== outer)
    throw wire.fail(`it calls itself ${own} but was named ${outer}`);
  const isList = Array.isArray(document.manifests);
  const type = own ?? outer ?? (isList ? MEDIA_TYPE.ociIndex : MEDIA_TYPE.ociManifest);
  if (isIndexType(type) !== isList)
    throw wire.fail(
      isList ? 'it lists manifests but is no index' : 'it has no list of manifests, or no layers',
    );
  return type;
}

function isKnownType(mediaType: string): boolean {
  return isIndexType(mediaType) || isManifestType(mediaType);
}

function withoutParameters(mediaType: string | undefined): string | undefined {
  return mediaType?.split(';')[0]?.trim().toLowerCase();
}

function readList(document: WireObject, key: 'manifests' | 'layers', limit: number): readonly Descriptor[] {
  const wire = readWire(document, WHAT);
  const list = wire.list(key);
  if (list === undefined) throw wire.fail(`"${key}" is missing`);
  if (list.length > limit) throw wire.fail(`it lists ${list.length} ${key}, more than the ${limit} allowed`);
  return list.map((item, index) => readDescriptor(item, `descriptor ${index + 1} of the manifest's ${key}`));
}
