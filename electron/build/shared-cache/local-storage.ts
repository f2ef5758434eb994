import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { splitDigest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { encodeManifest, parseImageIndex } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { BlobStore } from '../../image/blob-store.ts';
import { digestOf, verifyBytes } from '../../image/content-digest.ts';
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import { writeError } from '../../platform/file-errors.ts';
import { CACHE_TYPE } from './cache-manifest.ts';
import type { CacheStorage } from './cache-storage.ts';

const REF_NAME = 'org.opencontainers.image.ref.name';

/** A shared cache in an OCI layout folder, under a tag. `content` is where blobs that are not at hand are read from. */
export function openLocalStorage(folder: string, tag: string, content: BlobStore): CacheStorage {
  const blobPath = ({ digest }: Pick<Descriptor, 'digest'>) => {
    const { algorithm, hex } = splitDigest(digest);
    return join(folder, 'blobs', algorithm, hex);
  };
  const entries = async (): Promise<readonly Descriptor[]> => {
    const bytes = await readFileIfThere(join(folder, 'index.json'));
    return bytes === null ? [] : parseImageIndex(bytes, MEDIA_TYPE.ociIndex).manifests;
  };
  const read = (blob: Descriptor, signal: AbortSignal): AsyncIterable<Uint8Array> =>
    createReadStream(blobPath(blob), { signal, highWaterMark: 1 << 20 });
  return {
    title: folder,
    manifest: async () => {
      const found = (await entries()).find((entry) => entry.annotations?.[REF_NAME] === tag);
      if (found === undefined) return null;
      const bytes = await readFileIfThere(blobPath(found));
      if (bytes !== null) verifyBytes(bytes, found.digest, 'The manifest of the shared cache');
      return bytes;
    },
    read,
    fetch: async (blob, into, signal) => {
      const writer = await into.ingest({ expected: blob });
      try {
        for await (const chunk of read(blob, signal)) await writer.write(chunk);
        await writer.commit();
      } catch (error) {
        await writer.abort();
        throw error;
      }
    },
    write: async (blobs, manifest, signal) => {
      try {
        await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
        await writeFileAtomic(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
        for (const { descriptor, bytes } of blobs) {
          signal.throwIfAborted();
          const there = await stat(blobPath(descriptor)).catch(() => null);
          if (there?.size === descriptor.size) continue;
          if (bytes !== undefined) await writeFileAtomic(blobPath(descriptor), bytes, { sync: false });
          else await copyBlob(content.open(descriptor.digest), blobPath(descriptor), signal);
        }
        const descriptor = {
          mediaType: MEDIA_TYPE.ociManifest,
          digest: digestOf(manifest),
          size: manifest.length,
          artifactType: CACHE_TYPE.artifact,
          annotations: { [REF_NAME]: tag },
        };
        await writeFileAtomic(blobPath(descriptor), manifest);
        const others = (await entries()).filter((entry) => entry.annotations?.[REF_NAME] !== tag);
        const index = encodeManifest({
          mediaType: MEDIA_TYPE.ociIndex,
          manifests: [...others, descriptor],
        });
        await writeFileAtomic(join(folder, 'index.json'), index);
      } catch (error) {
        throw writeError(error, folder);
      }
    },
  };
}

/** Writes a blob under a name of its own first, so that no reader finds half of it. */
async function copyBlob(source: Readable, path: string, signal: AbortSignal): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await pipeline(source, createWriteStream(temporary, { flags: 'wx' }), { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
