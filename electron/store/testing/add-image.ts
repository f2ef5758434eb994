import { encodeConfig } from '#shared/oci/config-codec.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { LayerWriter } from '../../image/layer-writer.ts';
import type { ImageRecord, LayerRecord } from '../image-records.ts';
import type { Store } from '../store.ts';

/** Adds an image whose layers hold these files, one a layer, and gives it these names. For tests. */
export async function addImage(
  store: Store,
  files: Readonly<Record<string, string>>,
  options: { readonly names?: readonly string[]; readonly platform?: string } = {},
): Promise<ImageRecord> {
  const layers: LayerRecord[] = [];
  for (const [path, content] of Object.entries(files)) layers.push(await addLayer(store, path, content));
  const config = await store.content.put(
    encodeConfig({
      platform: parsePlatform(options.platform ?? 'linux/amd64'),
      config: { cmd: ['/bin/sh'], env: ['PATH=/bin'] },
      diffIds: layers.map((each) => each.diffId),
      history: layers.map(() => ({ createdBy: 'COPY . .' })),
      created: '2024-01-02T03:04:05Z',
    }),
  );
  const manifest = encodeManifest({
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  const record = await store.addImage((await store.content.put(manifest)).digest);
  for (const name of options.names ?? [])
    await store.setName(parseReference(name), { digest: record.digest });
  return record;
}

async function addLayer(store: Store, path: string, content: string): Promise<LayerRecord> {
  const blob = await store.content.ingest();
  const writer = new LayerWriter(blob, { compression: 'gzip' });
  const bytes = Buffer.from(content);
  const entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: 0 } as const;
  await writer.add(entry, bytes);
  const { diffId, size, mediaType, index } = await writer.finish();
  const { digest } = await blob.commit();
  await store.layers.record({ digest, diffId, size, mediaType }, index);
  return { digest, diffId, size, mediaType };
}
