import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { digestOf } from '#electron/image/content-digest.ts';
import type { Image, Layer } from '#electron/image/image.ts';
import { encodeConfig, parseConfig } from '#shared/oci/config-codec.ts';
import type { DiffId } from '#shared/oci/digest.ts';
import type { ImageIndex, ImageManifest } from '#shared/oci/manifest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parsePlatform } from '#shared/oci/platform.ts';

/** An image of random layers that lives in memory. The layers are blobs, not tars. For tests. */
export function makeImage(sizes: readonly number[], platform = 'linux/amd64'): Image {
  const blobs = sizes.map((size) => gzipSync(randomBytes(size), { level: 0 }));
  const layers = blobs.map(makeLayer);
  const rawConfig = encodeConfig({
    platform: parsePlatform(platform),
    config: { cmd: ['sh'] },
    diffIds: layers.map((layer) => layer.diffId),
    history: [],
  });
  const manifest: ImageManifest = {
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(rawConfig), size: rawConfig.length },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  };
  const rawManifest = encodeManifest(manifest);
  return {
    digest: digestOf(rawManifest),
    mediaType: manifest.mediaType,
    rawManifest,
    manifest,
    rawConfig,
    config: parseConfig(rawConfig),
    layers,
  };
}

/** An index over images; with BuildKit's attestation entry at its end where that is asked for. */
export function makeIndex(
  images: readonly Image[],
  withAttestation = false,
): {
  readonly bytes: Uint8Array;
  readonly index: ImageIndex;
} {
  const manifests = images.map((image) => ({
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.rawManifest.length,
    platform: image.config.platform,
  }));
  const attestation = {
    mediaType: MEDIA_TYPE.ociManifest,
    digest: digestOf(Buffer.from('attestation')),
    size: 11,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  const index = {
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: withAttestation ? [...manifests, attestation] : manifests,
  };
  return { bytes: encodeManifest(index), index };
}

function makeLayer(blob: Buffer): Layer {
  const diffId = digestOf(gunzipSync(blob)) as string as DiffId;
  return {
    digest: digestOf(blob),
    diffId,
    size: blob.length,
    mediaType: MEDIA_TYPE.ociLayerGzip,
    compressed: async () => Readable.from(slices(blob), { objectMode: false }),
    uncompressed: async () => Readable.from([gunzipSync(blob)], { objectMode: false }),
    index: async () => {
      throw new Error('random bytes have no index');
    },
  };
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}
