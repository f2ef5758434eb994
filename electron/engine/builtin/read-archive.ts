import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { BlobStore } from '../../image/blob-store.ts';
import { decompressLayer } from '../../image/decompress-layer.ts';
import { readTar } from '../../image/tar/read-tar.ts';
import { cleanEntryPath } from '../../image/tar/safe-path.ts';
import { isMissing } from '../../platform/file-errors.ts';
import type { ProgressOptions } from '../ports.ts';

/** Files up to here are kept in memory too: manifests, configs, indexes. */
const DOCUMENT_LIMIT = 4 * 1024 * 1024;

/** A file of an archive, now in the content store. */
export interface ArchivedFile {
  readonly digest: Digest;
  readonly size: number;
  /** Its first bytes, which tell how it is packed. */
  readonly head: Buffer;
  /** The whole of it when it is small. */
  readonly document: Buffer | null;
}

/** What an archive holds, by clean path; links are followed already. */
export type ArchiveContents = ReadonlyMap<string, ArchivedFile>;

/**
 * Reads an archive (tar, also gzip or zstd) in one pass and puts each of its files into the content store. Throws
 * `not-found`, `malformed`, `unsafe-archive`, `cancelled`.
 */
export async function readArchive(
  content: BlobStore,
  path: string,
  size: number,
  { signal, onProgress }: ProgressOptions,
): Promise<ArchiveContents> {
  const files = new Map<string, ArchivedFile>();
  const links = new Map<string, string>();
  let done = 0;
  const input = createReadStream(path, { highWaterMark: 1 << 20, signal });
  const counted = async function* () {
    for await (const chunk of input) {
      done += (chunk as Buffer).length;
      onProgress({ done, total: size, unit: 'bytes' });
      yield chunk as Buffer;
    }
  };
  try {
    for await (const entry of readTar(decompressLayer(counted(), MEDIA_TYPE.ociLayer, { signal }), {
      signal,
    })) {
      const name = cleanEntryPath(entry.path);
      if (entry.type === 'symlink') links.set(name, posix.join(posix.dirname(name), entry.linkName));
      if (entry.type === 'hardlink') links.set(name, cleanEntryPath(entry.linkName));
      if (entry.type === 'file') files.set(name, await store(content, entry));
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new AppError('not-found', `There is no file ${path}.`, {
      detail: { kind: 'path', path },
      cause: error,
    });
  }
  for (const [name, target] of links) {
    const file = files.get(links.get(target) ?? target);
    if (file !== undefined) files.set(name, file);
  }
  return files;
}

async function store(
  content: BlobStore,
  entry: { size: number; body: AsyncIterable<Uint8Array> },
): Promise<ArchivedFile> {
  const writer = await content.ingest({});
  const kept: Uint8Array[] = [];
  let keptSize = 0;
  const limit = entry.size <= DOCUMENT_LIMIT ? DOCUMENT_LIMIT : 8;
  try {
    for await (const chunk of entry.body) {
      await writer.write(chunk);
      if (keptSize < limit) kept.push(Buffer.from(chunk));
      keptSize += chunk.length;
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const { digest, size } = await writer.commit();
  const bytes = Buffer.concat(kept);
  return { digest, size, head: bytes.subarray(0, 8), document: size <= DOCUMENT_LIMIT ? bytes : null };
}
