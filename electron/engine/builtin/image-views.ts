import type { ImageDetail, ImageSummary, LayerView } from '#shared/contract/images.ts';
import { readBase } from '#shared/oci/base-reference.ts';
import type { ImageConfig, RuntimeConfig } from '#shared/oci/config.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import type { DocumentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { LayerSummary } from '../../store/layer-store.ts';
import { referenceOf } from '../../store/names.ts';
import { blobsOf } from '../../store/remove-image.ts';
import { type ImageFamily, imageFamilies, type StoreContents } from './image-families.ts';

/** The images as lists show them, one a family. Linear in what there is: 10,000 images are one pass. */
export function summarizeImages(contents: StoreContents): ImageSummary[] {
  const families = imageFamilies(contents);
  const summarize = summaryWriter(contents, families);
  return families.map((family) => summarize(family.head, family));
}

/** One image as its screen shows it, also where a list shows it as part of another; null when it is gone. */
export function summarizeImage(contents: StoreContents, digest: Digest): ImageSummary | null {
  const families = imageFamilies(contents);
  for (const family of families) {
    const image = family.members.find((member) => member.digest === digest);
    if (image !== undefined) return summaryWriter(contents, families)(image, family);
  }
  return null;
}

function summaryWriter({ names, documents }: StoreContents, families: readonly ImageFamily[]) {
  const indexes = new Map(documents.map((document) => [document.digest, document]));
  const holders = new Map<Digest, number>();
  for (const family of families)
    for (const { digest } of blobsOfFamily(family)) holders.set(digest, (holders.get(digest) ?? 0) + 1);
  const byImage = new Map<Digest, string[]>();
  for (const name of names) {
    const list = byImage.get(name.digest) ?? [];
    list.push(familiarReference(referenceOf(name)));
    byImage.set(name.digest, list);
  }
  return (image: ImageRecord, family: ImageFamily): ImageSummary => ({
    engine: 'builtin',
    id: image.digest,
    names: [...(byImage.get(family.head.digest) ?? [])].sort(),
    size: sum(image.layers),
    unpackedSize: image.unpackedSize,
    uniqueSize: sum(blobsOfFamily(family).filter(({ digest }) => holders.get(digest) === 1)),
    createdAt: image.createdAt,
    platform: image.platform,
    ...(family.members.length < 2
      ? {}
      : { platforms: family.members.map(({ platform, digest }) => ({ platform, id: digest })) }),
    ...wholeIndex(family, indexes),
    layers: image.layers.map((layer, i) => ({ size: layer.size, base: i < image.baseLayers })),
    usedBy: [],
  });
}

/** The index of a family, where it has one alone and nothing of that is missing. */
function wholeIndex(
  { members, indexes: [digest, ...others] }: ImageFamily,
  indexes: ReadonlyMap<Digest, DocumentRecord>,
): Pick<ImageSummary, 'indexDigest'> {
  const index = digest === undefined || others.length > 0 ? undefined : indexes.get(digest);
  const here = new Set(members.map((member) => member.digest));
  if (index === undefined || here.size < 2) return {};
  return index.children.every((child) => here.has(child)) ? { indexDigest: index.digest } : {};
}

/** The blobs that removing a family frees where no other holds them; one that is there twice counts once. */
function blobsOfFamily({ members }: ImageFamily) {
  const [only, ...others] = members;
  if (only !== undefined && others.length === 0) return blobsOf(only);
  return [...new Map(members.flatMap((image) => blobsOf(image).map((blob) => [blob.digest, blob]))).values()];
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
  /** Of the index that was asked for. */
  readonly indexDigest?: Digest | undefined;
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
    ...(input.indexDigest === undefined ? {} : { indexDigest: input.indexDigest }),
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
