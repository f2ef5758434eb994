import { describe, expect, it } from 'vitest';
import {
  encodeManifest,
  isIndex,
  MANIFEST_SIZE_LIMIT,
  parseImageIndex,
  parseImageManifest,
  parseManifest,
} from './manifest-codec.ts';
import { MEDIA_TYPE } from './media-types.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';

const digest = `sha256:${'1'.repeat(64)}`;
const other = `sha256:${'2'.repeat(64)}`;
const config = { mediaType: MEDIA_TYPE.ociConfig, digest, size: 7 };
const layer = { mediaType: MEDIA_TYPE.ociLayerGzip, digest: other, size: 9 };
const image = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers: [layer] };
const index = {
  schemaVersion: 2,
  mediaType: MEDIA_TYPE.ociIndex,
  manifests: [
    { mediaType: MEDIA_TYPE.ociManifest, digest, size: 3, platform: { os: 'linux', architecture: 'arm' } },
  ],
};
const bytes = (value: unknown): Uint8Array => encodeUtf8(JSON.stringify(value));

describe('parseManifest', () => {
  it('reads an image', () => {
    expect(parseManifest(bytes(image))).toEqual({
      mediaType: MEDIA_TYPE.ociManifest,
      config,
      layers: [layer],
    });
  });

  it('reads an index with its platforms', () => {
    const document = parseImageIndex(bytes(index));
    expect(isIndex(document)).toBe(true);
    expect(document.manifests[0]?.platform).toEqual({ os: 'linux', architecture: 'arm' });
  });

  it.each([
    [
      'no type in the document, one from outside',
      undefined,
      MEDIA_TYPE.dockerManifest,
      MEDIA_TYPE.dockerManifest,
    ],
    ['no type anywhere', undefined, undefined, MEDIA_TYPE.ociManifest],
    [
      'a type with parameters from outside',
      undefined,
      `${MEDIA_TYPE.ociManifest}; charset=utf-8`,
      MEDIA_TYPE.ociManifest,
    ],
    [
      'a type from outside that says nothing',
      MEDIA_TYPE.dockerManifest,
      'application/json',
      MEDIA_TYPE.dockerManifest,
    ],
    ['the same type twice', MEDIA_TYPE.dockerManifest, MEDIA_TYPE.dockerManifest, MEDIA_TYPE.dockerManifest],
  ])('finds the type of an image with %s', (_, own, served, expected) => {
    expect(parseManifest(bytes({ ...image, mediaType: own }), served).mediaType).toBe(expected);
  });

  it('keeps subject, artifact type, annotations and foreign urls', () => {
    const full = {
      ...image,
      artifactType: 'application/x',
      subject: config,
      annotations: { b: '1', a: '2' },
      layers: [{ ...layer, urls: ['https://example.com/x'], annotations: { k: 'v' } }],
    };
    expect(parseImageManifest(bytes(full))).toMatchObject({
      artifactType: 'application/x',
      subject: config,
      annotations: { b: '1', a: '2' },
      layers: [{ urls: ['https://example.com/x'], annotations: { k: 'v' } }],
    });
  });

  it.each<[string, unknown, string?]>([
    ['an array', []],
    ['null', null],
    ['a text', 'x'],
    ['no schemaVersion', { ...image, schemaVersion: undefined }],
    ['another schemaVersion', { ...image, schemaVersion: 3 }],
    ['manifests and layers together', { ...image, manifests: [] }],
    ['manifests and layers that differ in case', { ...index, Layers: [] }],
    ['manifests and config together', { ...index, config }],
    ['a type that is none of a manifest', { ...image, mediaType: 'text/html' }],
    ['a type that differs from the one it was served as', image, MEDIA_TYPE.dockerManifest],
    ['an image served as an index', { ...image, mediaType: undefined }, MEDIA_TYPE.ociIndex],
    ['an index served as an image', { ...index, mediaType: undefined }, MEDIA_TYPE.ociManifest],
    ['an index that calls itself an image', { ...index, mediaType: MEDIA_TYPE.ociManifest }],
    ['no layers', { ...image, layers: undefined }],
    ['layers that are no list', { ...image, layers: {} }],
    ['no config', { ...image, config: undefined }],
    ['a layer that is a text', { ...image, layers: ['x'] }],
    ['a layer without digest', { ...image, layers: [{ ...layer, digest: undefined }] }],
    [
      'a layer with a path for a digest',
      { ...image, layers: [{ ...layer, digest: 'sha256:../../etc/passwd' }] },
    ],
    ['a layer with a short digest', { ...image, layers: [{ ...layer, digest: 'sha256:12' }] }],
    [
      'a layer with an unknown algorithm',
      { ...image, layers: [{ ...layer, digest: `md5:${'1'.repeat(64)}` }] },
    ],
    ['a layer with a negative size', { ...image, layers: [{ ...layer, size: -1 }] }],
    ['a layer with a fractional size', { ...image, layers: [{ ...layer, size: 1.5 }] }],
    ['a layer with a size as text', { ...image, layers: [{ ...layer, size: '9' }] }],
    ['a layer with a size beyond exact numbers', { ...image, layers: [{ ...layer, size: 2 ** 60 }] }],
    ['a layer without size', { ...image, layers: [{ ...layer, size: undefined }] }],
    ['a layer without media type', { ...image, layers: [{ ...layer, mediaType: '' }] }],
    ['annotations that are numbers', { ...image, annotations: { a: 1 } }],
    ['too many layers', { ...image, layers: Array.from({ length: 2001 }, () => layer) }],
  ])('refuses %s', (_, document, served) => {
    expect(() => parseManifest(bytes(document), served)).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });

  it.each([
    ['half a document', encodeUtf8('{"schemaVersion":2,')],
    ['an empty document', new Uint8Array()],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['a web page', encodeUtf8('<!doctype html><title>Sign in</title>')],
    ['more than the limit', encodeUtf8(`{"a":"${'x'.repeat(MANIFEST_SIZE_LIMIT)}"}`)],
  ])('refuses %s', (_, document) => {
    expect(() => parseManifest(document)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it.each([
    ['schema 1', { schemaVersion: 1, name: 'x', fsLayers: [], history: [] }],
    [
      'an artifact manifest',
      { schemaVersion: 2, mediaType: 'application/vnd.oci.artifact.manifest.v1+json' },
    ],
  ])('says that %s is not supported', (_, document) => {
    expect(() => parseManifest(bytes(document))).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it('refuses an index where an image is needed, and the other way round', () => {
    expect(() => parseImageManifest(bytes(index))).toThrow(/index/);
    expect(() => parseImageIndex(bytes(image))).toThrow(/index/);
  });
});

describe('encodeManifest', () => {
  it('writes the same bytes for the same document, whatever the order of its keys', () => {
    const one = parseManifest(bytes({ ...image, annotations: { b: '1', a: '2' } }));
    const two = parseManifest(
      bytes({ annotations: { a: '2', b: '1' }, layers: [layer], config, schemaVersion: 2 }),
    );
    expect(decodeUtf8(encodeManifest(one))).toBe(decodeUtf8(encodeManifest(two)));
  });

  it('writes keys in the order of the specification', () => {
    const text = decodeUtf8(
      encodeManifest(parseManifest(bytes({ ...image, subject: config, artifactType: 'a/b' }))),
    );
    expect(Object.keys(JSON.parse(text))).toEqual([
      'schemaVersion',
      'mediaType',
      'artifactType',
      'config',
      'layers',
      'subject',
    ]);
  });

  it.each([
    ['image', image],
    ['index', index],
  ])('gives back an %s that reads as the same', (_, document) => {
    const read = parseManifest(bytes(document));
    expect(parseManifest(encodeManifest(read))).toEqual(read);
  });
});
