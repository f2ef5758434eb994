import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import { createImageCatalog } from '../builtin/image-catalog.ts';
import { comparableFromStore, compareWith, type OpenComparable } from '../builtin/image-comparer.ts';
import { createImageFiles } from '../builtin/image-files.ts';
import { insightWith } from '../builtin/image-insight.ts';
import { detailOf } from '../builtin/image-views.ts';
import type { ImageCatalog } from '../engine.ts';
import type { ArchiveViewer, ImageComparer, ImageFiles, WorkbenchEngine } from '../ports.ts';
import { ArchiveImages, archiveRef } from './archive-images.ts';
import type { ListedImage } from './list-archive.ts';

/** The id under which images in archives are addressed; their `ref` is `PATH` or `PATH@WHICH`. */
export const ARCHIVE_ENGINE = 'archive';

/** The engine, whose images can all be looked into and compared. */
export type ArchiveEngine = WorkbenchEngine &
  ArchiveViewer & { readonly files: ImageFiles; readonly comparer: ImageComparer };

/**
 * Images in OCI image layouts and docker archives, behind the port of an engine: looked at where they are, nothing is
 * loaded and nothing can be changed. `allow` says which paths may be read, see ArchiveImages.
 */
export function createArchiveEngine(store: Store, allow?: (path: string) => string): ArchiveEngine {
  const images = new ArchiveImages(store, allow);
  const catalog = createCatalog(store, images);
  return {
    id: ARCHIVE_ENGINE,
    name: 'Archives',
    status: async () => ({
      id: ARCHIVE_ENGINE,
      name: 'Archives',
      state: 'ready',
      detail: 'Images are looked at where they are.',
      hint: null,
      version: null,
      rootless: false,
      can: { build: false, predict: false, containers: false, browseFiles: true, prune: false },
    }),
    images: catalog,
    files: createImageFiles((ref, signal) => images.layered(ref, signal)),
    insight: insightWith(async (ref, signal) => {
      const { layers } = await images.layered(ref, signal);
      return { indexes: await Promise.all(layers.map((layer) => layer.index(signal))), firstOwnLayer: 0 };
    }),
    comparer: compareWith(openHereOrThere(store, images, catalog)),
    async contents(path, signal) {
      const archive = await images.archive(path, signal);
      return {
        path: archive.path,
        images: archive.images.map((image) => summarize(archive.path, image)),
      };
    },
    close: async () => {},
  };
}

/** A digest alone is an image of the store, so that one here can be compared with one in an archive. */
function openHereOrThere(store: Store, images: ArchiveImages, catalog: ImageCatalog): OpenComparable {
  const here = comparableFromStore(
    store,
    createImageCatalog(store, async () => {}),
  );
  return async (ref, signal) => {
    if (isDigest(ref)) return here(ref, signal);
    const { digest, layers, config } = await images.layered(ref, signal);
    return {
      digest,
      layerSizes: layers.map(({ size }) => size),
      config: async () => config,
      indexes: (own) => Promise.all(layers.map((layer) => layer.index(own))),
      detail: (own) => catalog.get(ref, own),
    };
  };
}

function createCatalog(store: Store, images: ArchiveImages): ImageCatalog {
  return {
    list: async () => [],
    get: async (ref, signal) => {
      const { archive, image } = await images.image(ref, signal);
      return describeArchived(store, archive.path, image);
    },
    resolve: async () => null,
    tag: refuseChange,
    untag: refuseChange,
    remove: refuseChange,
  };
}

async function refuseChange(): Promise<never> {
  throw new AppError('unsupported', 'An image in an archive is only looked at here.', {
    hint: 'Load the archive into the store first.',
  });
}

function summarize(path: string, { id, names, manifest, platform, rawConfig }: ListedImage): ImageSummary {
  const created = Date.parse(parseConfig(rawConfig).created ?? '');
  return {
    engine: ARCHIVE_ENGINE,
    id: archiveRef(path, { id }),
    names: [...names],
    size: manifest.layers.reduce((sum, { size }) => sum + size, 0),
    unpackedSize: null,
    uniqueSize: null,
    createdAt: Number.isNaN(created) ? null : created,
    platform,
    layers: manifest.layers.map(({ size }) => ({ size, base: false })),
    usedBy: [],
  };
}

async function describeArchived(store: Store, path: string, image: ListedImage): Promise<ImageDetail> {
  const { manifest, rawConfig } = image;
  const config = parseConfig(rawConfig);
  const summary = summarize(path, image);
  const rawManifest = image.rawManifest ?? Buffer.from(encodeManifest(manifest));
  const layers = manifest.layers.map(({ digest, size, mediaType }, i) => ({
    digest,
    diffId: config.diffIds[i] as ImageRecord['layers'][number]['diffId'],
    size,
    mediaType,
  }));
  const record: ImageRecord = {
    digest: image.id,
    mediaType: manifest.mediaType,
    manifestSize: rawManifest.length,
    configDigest: manifest.config.digest,
    configSize: rawConfig.length,
    platform: config.platform,
    createdAt: summary.createdAt,
    addedAt: 0,
    layers,
    baseLayers: 0,
    unpackedSize: null,
  };
  const detail = detailOf({
    summary,
    image: record,
    config,
    rawManifest: rawManifest.toString('utf8'),
    rawConfig: rawConfig.toString('utf8'),
    layerSummaries: await Promise.all(layers.map(({ diffId }) => store.layers.summary(diffId))),
    sharedWith: new Map(),
  });
  // What was put together here is not shown as if the archive had it.
  return image.rawManifest === null
    ? { ...detail, manifestDigest: null, mediaType: null, rawManifest: null }
    : detail;
}
