import { isDigest } from './digest.ts';
import type { Descriptor } from './manifest.ts';
import { readPlatform, writePlatform } from './platform-codec.ts';
import { isWireObject, malformed, readWire } from './wire.ts';

const MEDIA_TYPE_SHAPE = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/;

/** Reads a descriptor as it stands in JSON; `what` names its place in errors. Throws `malformed`. */
export function readDescriptor(value: unknown, what: string): Descriptor {
  if (!isWireObject(value)) throw malformed(what, 'it is not an object');
  const wire = readWire(value, what);
  const mediaType = wire.text('mediaType') ?? '';
  if (!MEDIA_TYPE_SHAPE.test(mediaType)) throw wire.fail(`"${mediaType}" is not a media type`);
  const digest = wire.text('digest') ?? '';
  if (!isDigest(digest)) throw wire.fail(`"${digest}" is not a digest`);
  const size = wire.integer('size');
  if (size === undefined || size < 0) throw wire.fail('its size is missing or negative');
  const annotations = wire.textMap('annotations');
  const platform = wire.object('platform');
  const artifactType = wire.text('artifactType') || undefined;
  const urls = wire.texts('urls');
  return {
    mediaType,
    digest,
    size,
    ...(annotations === undefined ? {} : { annotations }),
    ...(platform === undefined ? {} : { platform: readPlatform(readWire(platform, `platform of ${what}`)) }),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(urls === undefined || urls.length === 0 ? {} : { urls }),
  };
}

/** The wire form of a descriptor: keys in the order of Go's image-spec, annotations sorted, empty parts left out. */
export function writeDescriptor(descriptor: Descriptor): Record<string, unknown> {
  return {
    mediaType: descriptor.mediaType,
    digest: descriptor.digest,
    size: descriptor.size,
    ...(descriptor.urls?.length ? { urls: descriptor.urls } : {}),
    ...writeAnnotations(descriptor.annotations),
    ...(descriptor.platform ? { platform: writePlatform(descriptor.platform) } : {}),
    ...(descriptor.artifactType ? { artifactType: descriptor.artifactType } : {}),
  };
}

/** The `annotations` key with its names sorted, or nothing where there are none. */
export function writeAnnotations(annotations: Readonly<Record<string, string>> | undefined): {
  readonly annotations?: Readonly<Record<string, string>>;
} {
  if (annotations === undefined || Object.keys(annotations).length === 0) return {};
  return { annotations: sortKeys(annotations) };
}

/** The same object with its keys in code unit order, as Go writes a map. */
export function sortKeys<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
