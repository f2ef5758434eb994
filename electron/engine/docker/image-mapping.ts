import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';
import { normalizePlatform, type Platform } from '#shared/oci/platform.ts';
import type { ImageFacts } from './image-facts.ts';
import { type HistoryLine, readHistory } from './image-history.ts';
import { familiarNames } from './image-names.ts';
import type { LayerRelations } from './layer-relations.ts';
import type { WireHistory, WireImage, WireImageInspect } from './wire.ts';

/** What is known about one image of a list. */
export interface ImageRow {
  readonly engine: string;
  readonly image: WireImage;
  readonly facts: ImageFacts | undefined;
  /** Undefined until the layers of all images are known. */
  readonly relations: LayerRelations | undefined;
  /** Names of the containers made from it. */
  readonly usedBy: readonly string[];
}

/** A row of the images table. Docker knows unpacked sizes only. */
export function toImageSummary({ engine, image, facts, relations, usedBy }: ImageRow): ImageSummary {
  return {
    engine,
    id: image.Id,
    names: familiarNames(image),
    size: null,
    unpackedSize: image.Size,
    uniqueSize: relations?.uniqueSize ?? null,
    createdAt: image.Created > 0 ? image.Created * 1000 : null,
    platform: facts?.platform ?? null,
    layers: (facts?.sizes ?? []).map((size, index) => ({ size, base: index < (relations?.baseLayers ?? 0) })),
    usedBy: [...usedBy],
  };
}

/** The facts of an image from its inspection and history. */
export function toImageFacts(inspect: WireImageInspect, history: readonly WireHistory[]): ImageFacts {
  const diffIds = inspect.RootFS?.Layers ?? [];
  const lines = readHistory(history, diffIds.length);
  return { id: inspect.Id, diffIds, sizes: layerSizes(lines, diffIds.length), platform: platformOf(inspect) };
}

/** All there is to show about one image. `names` gives the name to show for another image's id. */
export function toImageDetail(
  summary: ImageSummary,
  inspect: WireImageInspect,
  history: readonly WireHistory[],
  relations: LayerRelations | undefined,
  names: (id: string) => string,
): ImageDetail {
  const diffIds = inspect.RootFS?.Layers ?? [];
  const lines = readHistory(history, diffIds.length);
  return {
    summary,
    manifestDigest: inspect.Descriptor?.digest ?? digestOf(inspect.RepoDigests),
    imageId: inspect.Id,
    mediaType: inspect.Descriptor?.mediaType ?? null,
    base: relations?.base ? { name: names(relations.base), digest: null } : null,
    layers: diffIds.map((diffId, index) => {
      const line = lines.find(({ layer }) => layer === index);
      const size = line?.size ?? 0;
      return {
        index,
        digest: diffId,
        diffId,
        mediaType: '',
        size,
        unpackedSize: size,
        fileCount: null,
        createdBy: line?.createdBy ?? '',
        createdAt: line?.createdAt ?? null,
        base: index < (relations?.baseLayers ?? 0),
        sharedWith: (relations?.sharedWith[index] ?? []).map(names),
        wastedBytes: null,
      };
    }),
    history: lines.map(({ createdBy, createdAt, comment, layer, size }) => ({
      createdBy,
      createdAt,
      comment,
      layer,
      size,
    })),
    config: toConfig(inspect),
    browsable: false,
    rawManifest: null,
    rawConfig: null,
  };
}

function toConfig({ Config, Author }: WireImageInspect): ImageDetail['config'] {
  return {
    user: Config?.User ?? '',
    workingDir: Config?.WorkingDir ?? '',
    entrypoint: emptyAsNull(Config?.Entrypoint),
    cmd: emptyAsNull(Config?.Cmd),
    env: Config?.Env ?? [],
    exposedPorts: Config?.ExposedPorts ?? [],
    volumes: Config?.Volumes ?? [],
    labels: Config?.Labels ?? {},
    stopSignal: Config?.StopSignal ?? '',
    healthcheck: healthcheckText(Config?.Healthcheck?.Test),
    author: Author,
  };
}

/** `["CMD-SHELL","curl …"]` as the Dockerfile has it; `["NONE"]` switches an inherited one off. */
function healthcheckText(test: readonly string[] | undefined): string | null {
  const [kind, ...words] = test ?? [];
  if (kind === undefined || kind === '') return null;
  return kind === 'CMD-SHELL' || kind === 'CMD' ? words.join(' ') : kind;
}

function emptyAsNull(list: string[] | null | undefined): string[] | null {
  return list === null || list === undefined || list.length === 0 ? null : list;
}

function layerSizes(lines: readonly HistoryLine[], count: number): number[] {
  const sizes = new Array<number>(count).fill(0);
  for (const { layer, size } of lines) if (layer !== null) sizes[layer] = size;
  return sizes;
}

function platformOf(inspect: WireImageInspect): Platform | null {
  if (inspect.Architecture === '') return null;
  return normalizePlatform({
    os: inspect.Os || 'linux',
    architecture: inspect.Architecture,
    variant: inspect.Variant || undefined,
    osVersion: inspect.OsVersion || undefined,
  });
}

function digestOf(repoDigests: readonly string[]): string | null {
  const [first] = repoDigests;
  return first === undefined ? null : first.slice(first.indexOf('@') + 1);
}
