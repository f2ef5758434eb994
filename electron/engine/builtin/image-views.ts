import type { ImageDetail, ImageSummary, LayerView } from '#shared/contract/images.ts';
import { readBase } from '#shared/oci/base-reference.ts';
import type { ImageConfig, RuntimeConfig } from '#shared/oci/config.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { LayerSummary } from '../../store/layer-store.ts';
import { type NameRecord, referenceOf } from '../../store/names.ts';
import { blobsOf } from '../../store/remove-image.ts';

/** Everything in the store that summaries are made of. */
export interface StoreContents {
  readonly images: readonly ImageRecord[];
  readonly names: readonly NameRecord[];
}

/** All images as a list shows them. Linear in what there is: 10,000 images are one pass. */
export function summarizeImages({ images, names }: StoreContents): ImageSummary[] {
  const holders = new Map<Digest, number>();
  for (const image of images)
    for (const { digest } of blobsOf(image)) holders.set(digest, (holders.get(digest) ?? 0) + 1);
  const byImage = new Map<Digest, string[]>();
  for (const name of names) {
    const list = byImage.get(name.digest) ?? [];
    list.push(familiarReference(referenceOf(name)));
    byImage.set(name.digest, list);
  }
  return images.map((image) => {
    const own = blobsOf(image).filter(({ digest }) => holders.get(digest) === 1);
    return {
      engine: 'builtin',
      id: image.digest,
      names: (byImage.get(image.digest) ?? []).sort(),
      size: sum(image.layers),
      unpackedSize: image.unpackedSize,
      uniqueSize: sum(own),
      createdAt: image.createdAt,
      platform: image.platform,
      layers: image.layers.map((layer, i) => ({ size: layer.size, base: i < image.baseLayers })),
      usedBy: [],
    };
  });
}

/** Bytes of the blobs that only these images hold; a blob that several of them share counts once. */
export function bytesHeldOnlyBy(ids: ReadonlySet<string>, images: readonly ImageRecord[]): number {
  const kept = new Set(
    images
      .filter(({ digest }) => !ids.has(digest))
      .flatMap((image) => blobsOf(image).map(({ digest }) => digest)),
  );
  const freed = new Map<Digest, number>();
  for (const image of images) {
    if (!ids.has(image.digest)) continue;
    for (const { digest, size } of blobsOf(image)) if (!kept.has(digest)) freed.set(digest, size);
  }
  return [...freed.values()].reduce((total, size) => total + size, 0);
}

function sum(parts: readonly { readonly size: number }[]): number {
  return parts.reduce((total, part) => total + part.size, 0);
}

export interface DetailInput {
  readonly summary: ImageSummary;
  readonly image: ImageRecord;
  readonly config: ImageConfig;
  readonly rawManifest: string;
  readonly rawConfig: string;
  /** By position of the layer. */
  readonly layerSummaries: readonly (LayerSummary | null)[];
  /** Names of other images, by layer blob. */
  readonly sharedWith: ReadonlyMap<Digest, readonly string[]>;
}

/** One image with all that its screen shows at once; files and waste are asked for apart. */
export function detailOf(input: DetailInput): ImageDetail {
  const { image, config } = input;
  const filled = config.history.filter((entry) => entry.emptyLayer !== true);
  let next = 0;
  return {
    summary: input.summary,
    manifestDigest: image.digest,
    imageId: image.configDigest,
    mediaType: image.mediaType,
    base: baseView(input.rawManifest),
    layers: image.layers.map((layer, i): LayerView => {
      const known = input.layerSummaries[i] ?? null;
      return {
        index: i,
        digest: layer.digest,
        diffId: layer.diffId,
        mediaType: layer.mediaType,
        size: layer.size,
        unpackedSize: known?.contentSize ?? null,
        fileCount: known?.fileCount ?? null,
        createdBy: instructionOf(filled[i]?.createdBy ?? ''),
        createdAt: toTime(filled[i]?.created),
        base: i < image.baseLayers,
        sharedWith: [...(input.sharedWith.get(layer.digest) ?? [])],
        wastedBytes: null,
      };
    }),
    history: config.history.map((entry) => {
      const layer = entry.emptyLayer === true || next >= image.layers.length ? null : next++;
      return {
        createdBy: instructionOf(entry.createdBy ?? ''),
        createdAt: toTime(entry.created),
        comment: entry.comment ?? null,
        layer,
        size: layer === null ? 0 : (image.layers[layer]?.size ?? 0),
      };
    }),
    config: configView(config.config, config.author),
    browsable: true,
    rawManifest: input.rawManifest,
    rawConfig: input.rawConfig,
  };
}

function baseView(rawManifest: string): ImageDetail['base'] {
  const base = readBase(parseImageManifest(Buffer.from(rawManifest)).annotations);
  return base === null ? null : { name: familiarReference(base.reference), digest: base.digest };
}

function configView(config: RuntimeConfig, author: string | undefined): ImageDetail['config'] {
  return {
    user: config.user ?? '',
    workingDir: config.workingDir ?? '',
    entrypoint: config.entrypoint === undefined ? null : [...config.entrypoint],
    cmd: config.cmd === undefined ? null : [...config.cmd],
    env: [...(config.env ?? [])],
    exposedPorts: [...(config.exposedPorts ?? [])],
    volumes: [...(config.volumes ?? [])],
    labels: { ...config.labels },
    stopSignal: config.stopSignal ?? '',
    healthcheck: config.healthcheck === undefined ? null : config.healthcheck.test.join(' '),
    author: author ?? '',
  };
}

function toTime(text: string | undefined): number | null {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** A history line as it stood in the Dockerfile: without the builders' own additions. */
export function instructionOf(createdBy: string): string {
  return createdBy
    .replace(/ # buildkit$/, '')
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^(?:RUN )?(\|\d+ .*?)?\/bin\/sh -c (?!#)/, 'RUN ');
}
