import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LayerWriter } from '#electron/image/layer-writer.ts';
import type { ImageRecord, LayerRecord } from '#electron/store/image-records.ts';
import { nameFile } from '#electron/store/names.ts';
import { openStore, type Store } from '#electron/store/store.ts';
import { encodeConfig } from '#shared/oci/config-codec.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parsePlatform } from '#shared/oci/platform.ts';

const LAYERS = 8;

/**
 * Fills a data folder with so many images of eight layers, all with a name. The files are written as they are, not
 * through the store, which waits for the disk each time.
 */
export async function fillStore(home: string, images: number): Promise<void> {
  const store = await openStore(home);
  const layers: LayerRecord[] = [];
  for (let at = 0; at < LAYERS; at += 1) layers.push(await addLayer(store, `file-${at}`));
  for (let at = 0; at < images; at += 1) await addImage(store, layers, at);
  await store.refreshLayout();
}

async function addLayer(store: Store, path: string): Promise<LayerRecord> {
  const blob = await store.content.ingest();
  const writer = new LayerWriter(blob, { compression: 'gzip' });
  await writer.add(
    { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 4, mtime: 0 },
    Buffer.from('text'),
  );
  const { diffId, size, mediaType, index } = await writer.finish();
  const { digest } = await blob.commit();
  await store.layers.record({ digest, diffId, size, mediaType }, index);
  return { digest, diffId, size, mediaType };
}

async function addImage(store: Store, layers: readonly LayerRecord[], at: number): Promise<void> {
  const platform = parsePlatform('linux/amd64');
  const config = encodeConfig({
    platform,
    config: { cmd: ['/bin/sh'], env: ['PATH=/bin'], labels: { number: String(at) } },
    diffIds: layers.map((each) => each.diffId),
    history: layers.map((_, step) => ({ createdBy: `COPY part-${step} /` })),
  });
  const configDigest = await putBytes(store, config);
  const manifest = encodeManifest({
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, digest: configDigest, size: config.length },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  const digest = await putBytes(store, manifest);
  const record: ImageRecord = {
    digest,
    mediaType: MEDIA_TYPE.ociManifest,
    manifestSize: manifest.length,
    configDigest,
    configSize: config.length,
    platform,
    createdAt: null,
    addedAt: Date.now() - at * 60_000,
    layers,
    baseLayers: 2,
    unpackedSize: 4 * LAYERS,
  };
  await put(store.paths.image(digest), JSON.stringify(record));
  const name = `docker.io/library/filled-${at % 100}:${at}`;
  await put(nameFile(store.paths, name), JSON.stringify({ name, digest, movedAt: record.addedAt }));
}

async function putBytes(store: Store, bytes: Uint8Array): Promise<Digest> {
  const digest = parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  await put(store.paths.blob(digest), bytes);
  return digest;
}

async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
