import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { isIndex, parseImageIndex, parseManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { BlobStore } from '../../image/blob-store.ts';
import { verifyBytes } from '../../image/content-digest.ts';
import { blobPath, parseDockerManifest } from '../archive/archive-documents.ts';
import type { ArchiveFiles } from '../archive/archive-files.ts';
import type { ProgressOptions } from '../ports.ts';
import { type ArchiveContents, type ArchivedFile, storeFile } from './read-archive.ts';

/** Files of one folder of images, at most. */
const MAX_FILES = 100_000;

/**
 * Puts what the images of a folder need into the content store: an OCI image layout, or an unpacked docker archive. Only
 * files that its documents name are read; what they name and the folder lacks is left out, as other platforms often are.
 * Throws `malformed`, `digest-mismatch`, `unsafe-archive`, `cancelled`.
 */
export async function readLayoutFolder(
  content: BlobStore,
  files: ArchiveFiles,
  { signal, onProgress }: ProgressOptions,
): Promise<ArchiveContents> {
  const wanted = new WantedFiles(files, signal);
  if (await wanted.add('index.json', null)) {
    const index = parseImageIndex(await files.document('index.json', signal), MEDIA_TYPE.ociIndex);
    for (const descriptor of index.manifests) await wanted.addManifest(descriptor);
  } else if (await wanted.add('manifest.json', null)) {
    for (const image of parseDockerManifest(await files.document('manifest.json', signal)))
      for (const path of [image.config, ...image.layers]) await wanted.add(path, null);
  }
  const total = [...wanted.found.values()].reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const stored = new Map<string, ArchivedFile>();
  for (const [path, { size, digest }] of wanted.found) {
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of files.read(path, 0, size, signal)) {
        done += chunk.length;
        onProgress({ done, total: Math.max(total, done), unit: 'bytes' });
        yield chunk;
      }
    }
    signal.throwIfAborted();
    stored.set(path, await storeFile(content, counted(), size, digest ?? undefined));
  }
  return stored;
}

/** Finds the files that documents lead to, each once. */
class WantedFiles {
  readonly found = new Map<string, { readonly size: number; readonly digest: Digest | null }>();
  readonly #files: ArchiveFiles;
  readonly #signal: AbortSignal;
  readonly #seen = new Set<string>();

  constructor(files: ArchiveFiles, signal: AbortSignal) {
    this.#files = files;
    this.#signal = signal;
  }

  /** False where the folder has no such file. */
  async add(path: string, digest: Digest | null): Promise<boolean> {
    if (this.found.has(path)) return true;
    if (this.#seen.has(path)) return false;
    this.#seen.add(path);
    if (this.#seen.size > MAX_FILES)
      throw new AppError('malformed', `The folder names more than ${MAX_FILES} files.`, {
        hint: 'It was made by a faulty tool, or to do harm.',
      });
    this.#signal.throwIfAborted();
    const size = await this.#files.size(path);
    if (size === null) return false;
    this.found.set(path, { size, digest });
    return true;
  }

  /** A manifest or an index with all that it leads to. */
  async addManifest({ digest, mediaType }: Descriptor): Promise<void> {
    const todo = [{ digest, mediaType }];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const path = blobPath(next.digest);
      if (this.#seen.has(path) || !(await this.add(path, next.digest))) continue;
      const bytes = await this.#files.document(path, this.#signal);
      verifyBytes(bytes, next.digest, path);
      const document = parseManifest(bytes, next.mediaType);
      if (isIndex(document)) todo.push(...document.manifests);
      else
        for (const blob of [document.config, ...document.layers])
          await this.add(blobPath(blob.digest), blob.digest);
    }
  }
}
