import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import {
  familiarReference,
  familiarRepository,
  parseReference,
  type Reference,
  withDefaultTag,
} from '#shared/oci/reference.ts';
import { imageDescriptors } from '#shared/oci/select-platform.ts';
import type { RegistryClient } from '../../registry/client.ts';
import type { RemoteImage } from '../../registry/registry-source.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import { createImageCatalog } from '../builtin/image-catalog.ts';
import { comparableFromStore, compareWith, type OpenComparable } from '../builtin/image-comparer.ts';
import { createImageFiles } from '../builtin/image-files.ts';
import { insightWith } from '../builtin/image-insight.ts';
import { detailOf } from '../builtin/image-views.ts';
import type { ImageCatalog } from '../engine.ts';
import type { WorkbenchEngine } from '../ports.ts';
import { RemoteImages } from './remote-images.ts';

/** The id under which images at registries are addressed; their `ref` is a reference. */
export const REMOTE_ENGINE = 'registry';

/**
 * Images where they are, behind the port of an engine: details and files can be seen, nothing can be changed, and no
 * list of all is possible. It is no engine to choose, so lists of engines leave it out.
 */
export function createRemoteEngine(store: Store, client: () => Promise<RegistryClient>): WorkbenchEngine {
  const images = new RemoteImages(store, client);
  return {
    id: REMOTE_ENGINE,
    name: 'Registries',
    status: async () => ({
      id: REMOTE_ENGINE,
      name: 'Registries',
      state: 'ready',
      detail: 'Images are looked at where they are.',
      hint: null,
      version: null,
      rootless: false,
      can: { build: false, predict: false, containers: false, browseFiles: true, prune: false },
    }),
    images: createCatalog(store, images),
    files: createImageFiles((ref, signal) => images.layered(ref, signal)),
    insight: insightWith(async (ref, signal) => {
      const { layers } = await images.layered(ref, signal);
      const indexes = await Promise.all(layers.map((layer) => layer.index(signal)));
      return { indexes, firstOwnLayer: 0 };
    }),
    layers: { read: (ref, wanted, options) => images.readLayers(ref, wanted, options) },
    comparer: compareWith(openHereOrThere(store, images)),
    close: async () => {},
  };
}

/** A digest alone is an image of the store, so that one here can be compared with one there. */
function openHereOrThere(store: Store, images: RemoteImages): OpenComparable {
  const here = comparableFromStore(
    store,
    createImageCatalog(store, async () => {}),
  );
  return async (ref, signal) => {
    if (isDigest(ref)) return here(ref, signal);
    const image = await images.open(ref, { signal });
    return {
      digest: image.digest,
      layerSizes: image.layers.map(({ size }) => size),
      config: async () => image.config,
      indexes: async (own) => {
        const { layers } = await images.layered(ref, own);
        return Promise.all(layers.map((layer) => layer.index(own)));
      },
      detail: () => describeRemote(store, ref, image),
    };
  };
}

function createCatalog(store: Store, images: RemoteImages): ImageCatalog {
  return {
    list: async () => [],
    get: async (ref, signal) => {
      const image = await images.open(ref, { fresh: true, signal });
      return describeRemote(store, ref, await withListOfTag(images, ref, image, signal));
    },
    resolve: async (name) => (await images.open(familiarReference(name), { fresh: true })).root.digest,
    tag: refuseChange,
    untag: refuseChange,
    remove: refuseChange,
  };
}

async function refuseChange(): Promise<never> {
  throw new AppError('unsupported', 'An image at a registry is only looked at here.', {
    hint: 'Copy it under another name, delete its tag, or pull it first.',
  });
}

/** An image that is named by tag and digest is one of the list that the tag names, where it still does. */
async function withListOfTag(
  images: RemoteImages,
  ref: string,
  image: RemoteImage,
  signal: AbortSignal | undefined,
): Promise<RemoteImage> {
  const reference = parseReference(ref);
  if (reference.tag === undefined || reference.digest === undefined) return image;
  const tagged = familiarReference({ ...reference, digest: undefined });
  const { root } = await images.open(tagged, { signal }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not-found') return image;
    throw error;
  });
  const isListed =
    isIndex(root.document) && root.document.manifests.some((each) => each.digest === image.digest);
  return isListed ? { ...image, root } : image;
}

/** What the reference leads to: of a list all that it holds. */
function remoteView(reference: Reference, { root, digest }: RemoteImage): NonNullable<ImageDetail['remote']> {
  const listed = isIndex(root.document) ? imageDescriptors(root.document) : [];
  const index = root.digest === digest ? null : root.digest;
  const platforms = listed.flatMap((each) =>
    each.platform === undefined ? [] : [{ platform: each.platform, digest: each.digest }],
  );
  const isOfTag = reference.digest === undefined || root.digest !== reference.digest;
  const named = isOfTag ? { ...reference, digest: undefined } : { ...reference, tag: undefined };
  return { reference: familiarReference(named), index, platforms };
}

/** An image at a registry as its screen shows it. */
async function describeRemote(store: Store, ref: string, image: RemoteImage): Promise<ImageDetail> {
  const reference = withDefaultTag(parseReference(ref));
  const remote = remoteView(reference, image);
  const created = Date.parse(image.config.created ?? '');
  const layers = image.layers.map(({ digest, diffId, size, mediaType }) => ({
    digest,
    diffId,
    size,
    mediaType,
  }));
  const record: ImageRecord = {
    digest: image.digest,
    mediaType: image.mediaType,
    manifestSize: image.rawManifest.length,
    configDigest: image.manifest.config.digest,
    configSize: image.rawConfig.length,
    platform: image.config.platform,
    createdAt: Number.isNaN(created) ? null : created,
    addedAt: 0,
    layers,
    baseLayers: 0,
    unpackedSize: null,
  };
  const summary: ImageSummary = {
    engine: REMOTE_ENGINE,
    id: `${familiarRepository(reference)}@${image.digest}`,
    names: remote.reference.includes('@') ? [] : [remote.reference],
    size: layers.reduce((sum, { size }) => sum + size, 0),
    unpackedSize: null,
    uniqueSize: null,
    createdAt: record.createdAt,
    platform: image.config.platform,
    layers: layers.map(({ size }) => ({ size, base: false })),
    usedBy: [],
  };
  const detail = detailOf({
    summary,
    image: record,
    config: image.config,
    rawManifest: Buffer.from(image.rawManifest).toString('utf8'),
    rawConfig: Buffer.from(image.rawConfig).toString('utf8'),
    layerSummaries: await Promise.all(layers.map((layer) => store.layers.knownSummary(layer))),
    sharedWith: new Map(),
  });
  return { ...detail, remote };
}
