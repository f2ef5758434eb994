import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { ImageConfig } from '#shared/oci/config.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { DiffId } from '#shared/oci/digest.ts';
import { formatPlatform, samePlatform } from '#shared/oci/platform.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { digestMismatch } from '../../image/content-digest.ts';
import { decompressLayer } from '../../image/decompress-layer.ts';
import { indexLayer } from '../../image/index-layer.ts';
import { errnoOf, isMissing } from '../../platform/file-errors.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import type { Store } from '../../store/store.ts';
import type { LayeredImage, OpenLayer } from '../layered-image.ts';
import type { ArchiveFiles } from './archive-files.ts';
import { openFolderFiles } from './folder-files.ts';
import { HashedBlob } from './hashed-blob.ts';
import { type ListedImage, listArchive } from './list-archive.ts';
import { openTarFiles } from './tar-files.ts';

/** Archives kept open: a person looks at one or compares two. */
const KEPT = 4;

/** An archive with the images in it. */
export interface OpenArchive {
  /** Absolute. */
  readonly path: string;
  readonly files: ArchiveFiles;
  readonly images: readonly ListedImage[];
}

/** Image archives, opened without loading them; the indexes of their layers are kept in the store. */
export class ArchiveImages {
  readonly #store: Store;
  readonly #allow: (path: string) => string;
  readonly #open = new Map<string, { readonly stamp: string; readonly archive: Promise<OpenArchive> }>();

  /** `allow` answers the absolute path, or throws `forbidden` for one that nobody chose. */
  constructor(store: Store, allow: (path: string) => string = (path) => resolve(path)) {
    this.#store = store;
    this.#allow = allow;
  }

  /** The archive at a path; read again when it changed. Throws `not-found`, `permission`, `malformed`. */
  async archive(path: string, signal?: AbortSignal): Promise<OpenArchive> {
    const full = this.#allow(path);
    const found = await stat(full).catch((error) => refusePath(full, error));
    const stamp = `${found.ino} ${found.size} ${found.mtimeMs}`;
    const known = this.#open.get(full);
    if (known?.stamp === stamp && !found.isDirectory()) return known.archive;
    const archive = openArchive(full, found.isDirectory(), signal);
    this.#open.delete(full);
    this.#open.set(full, { stamp, archive });
    archive.catch(() => this.#open.delete(full));
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > KEPT && oldest !== undefined) this.#open.delete(oldest);
    return archive;
  }

  /**
   * The image that `PATH` or `PATH@WHICH` means: which one by digest, the beginning of one, or name. Throws `not-found`
   * also for no such image.
   */
  async image(ref: string, signal?: AbortSignal): Promise<{ archive: OpenArchive; image: ListedImage }> {
    const at = ref.lastIndexOf('@');
    const isWhole = at <= 0 || (!/@sha256:[0-9a-f]+$/.test(ref) && (await isThere(this.#allow, ref)));
    const archive = await this.archive(isWhole ? ref : ref.slice(0, at), signal);
    return { archive, image: chooseImage(archive, isWhole ? null : ref.slice(at + 1)) };
  }

  /** The image with layers that can be listed and read. */
  async layered(ref: string, signal?: AbortSignal): Promise<LayeredImage & { readonly config: ImageConfig }> {
    const { archive, image } = await this.image(ref, signal);
    const config = parseConfig(image.rawConfig);
    const layers = image.manifest.layers.map((_, i) =>
      this.#layer(archive, image, i, config.diffIds[i] as DiffId),
    );
    return { digest: image.id, layers, config };
  }

  #layer({ files, path }: OpenArchive, image: ListedImage, position: number, diffId: DiffId): OpenLayer {
    const { digest, size, mediaType } = image.manifest.layers[
      position
    ] as ListedImage['manifest']['layers'][number];
    const file = image.layerPaths[position] as string;
    const layer = { digest, diffId, size, mediaType };
    return {
      ...layer,
      read: (start, end, signal) => files.read(file, start, end, signal),
      index: async (signal) => {
        const known = await this.#store.layers.known(layer);
        if (known !== null) return known;
        const length = await files.size(file);
        if (length === null) throw missingLayer(path, position);
        const blob = new HashedBlob(files.read(file, 0, length, signal), digest);
        const index = await indexLayer(decompressLayer(blob.bytes(), mediaType, { signal }), { signal });
        if (index.diffId !== diffId) throw changedLayer(path, position, diffId, index.diffId);
        const actual = await blob.digest();
        // What is kept under a digest is believed of any image that names it.
        if (actual === digest) await this.#store.layers.keep(layer, index);
        else if (image.rawManifest !== null)
          throw digestMismatch(`Layer ${position} in ${path}`, digest, actual);
        return index;
      },
    };
  }
}

/** A path may have an `@` of its own. */
async function isThere(allow: (path: string) => string, path: string): Promise<boolean> {
  try {
    await stat(allow(path));
    return true;
  } catch {
    return false;
  }
}

/** How one image of an archive is addressed. */
export function archiveRef(path: string, image: Pick<ListedImage, 'id'>): string {
  return `${path}@${image.id}`;
}

async function openArchive(path: string, isFolder: boolean, signal?: AbortSignal): Promise<OpenArchive> {
  const files = isFolder ? openFolderFiles(path) : await openTarFiles(path, signal);
  return { path, files, images: await listArchive(files, signal) };
}

/** By digest, its beginning or a name; without any of them the one for this machine, else the first. */
function chooseImage({ path, images }: OpenArchive, which: string | null): ListedImage {
  const mine = hostPlatform();
  const found =
    which === null
      ? (images.find(({ platform }) => samePlatform(platform, mine)) ?? images[0])
      : (images.find(({ id, names }) => isIdentity(id, which) || names.includes(fullName(which))) ??
        undefined);
  if (found !== undefined) return found;
  throw new AppError('not-found', `There is no image "${which}" in ${path}.`, {
    hint: `It holds ${images.map(describe).join(', ')}.`,
    detail: { kind: 'path', path },
  });
}

function isIdentity(id: string, which: string): boolean {
  const hex = which.replace(/^sha256:/, '');
  return /^[0-9a-f]{4,}$/.test(hex) && id.slice(id.indexOf(':') + 1).startsWith(hex);
}

function fullName(text: string): string {
  try {
    return familiarReference(withDefaultTag(parseReference(text)));
  } catch {
    return text;
  }
}

function describe({ id, names, platform }: ListedImage): string {
  return `${names[0] ?? id.slice(0, 19)} (${formatPlatform(platform)})`;
}

function refusePath(path: string, cause: unknown): never {
  const detail = { kind: 'path', path } as const;
  if (isMissing(cause))
    throw new AppError('not-found', `There is no ${path}.`, {
      hint: 'It may have been moved or removed since it was chosen.',
      detail,
      cause,
    });
  if (errnoOf(cause) === 'EACCES' || errnoOf(cause) === 'EPERM')
    throw new AppError('permission', `There is no permission to read ${path}.`, {
      hint: 'Change its owner or mode, or copy it to a folder of your own.',
      detail,
      cause,
    });
  throw cause;
}

function missingLayer(path: string, position: number): AppError {
  return new AppError('malformed', `Layer ${position} of the image is not in ${path}.`, {
    hint: 'The archive holds only a part of the image. Save it again, with all its layers.',
    detail: { kind: 'path', path },
  });
}

function changedLayer(path: string, position: number, expected: string, actual: string): AppError {
  return new AppError('digest-mismatch', `Layer ${position} in ${path} is not the one its config names.`, {
    hint: 'The archive was changed or damaged. Save the image again.',
    detail: { kind: 'digest', expected, actual },
  });
}
