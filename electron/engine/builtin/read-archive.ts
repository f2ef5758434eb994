import { posix } from 'node:path';
import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { BlobStore, BlobWriter } from '../../image/blob-store.ts';
import { decompressLayer } from '../../image/decompress-layer.ts';
import { gzipTar } from '../../image/gzip-stream.ts';
import { readTar } from '../../image/tar/read-tar.ts';
import { cleanEntryPath } from '../../image/tar/safe-path.ts';
import { DOCUMENT_LIMIT } from '../archive/archive-documents.ts';

/** A file of an archive, now in the content store. */
export interface ArchivedFile {
  readonly digest: Digest;
  readonly size: number;
  /** Its first bytes, which tell how it is packed. */
  readonly head: Buffer;
  /** The whole of it when it is small. */
  readonly document: Buffer | null;
  /** It is a tar that was compressed here. */
  readonly repacked: boolean;
}

/** What an archive holds, by clean path; links are followed already. */
export type ArchiveContents = ReadonlyMap<string, ArchivedFile>;

export interface ReadArchiveOptions {
  readonly signal: AbortSignal;
  /** Tars in the archive that are not compressed are stored compressed. */
  readonly compress: boolean;
}

/**
 * Reads an archive (tar, also gzip or zstd) in one pass and puts each of its files into the content store. Throws
 * `malformed`, `unsafe-archive`, `cancelled`, and what the source fails with.
 */
export async function readArchive(
  content: BlobStore,
  source: AsyncIterable<Uint8Array>,
  { signal, compress }: ReadArchiveOptions,
): Promise<ArchiveContents> {
  const files = new Map<string, ArchivedFile>();
  const links = new Map<string, string>();
  const tar = decompressLayer(source, MEDIA_TYPE.ociLayer, { signal });
  for await (const entry of readTar(tar, { signal })) {
    const name = cleanEntryPath(entry.path);
    if (entry.type === 'symlink') links.set(name, posix.join(posix.dirname(name), entry.linkName));
    if (entry.type === 'hardlink') links.set(name, cleanEntryPath(entry.linkName));
    if (entry.type !== 'file') continue;
    const { head, all } = await peekBlock(entry.body);
    const repack = compress && isTar(head);
    files.set(
      name,
      repack ? await packFile(content, all, signal) : await storeFile(content, all, entry.size),
    );
  }
  for (const [name, target] of links) {
    const file = files.get(links.get(target) ?? target);
    if (file !== undefined) files.set(name, file);
  }
  return files;
}

/** Where a tar says that it is one. */
const TAR_MAGIC_AT = 257;

function isTar(head: Buffer): boolean {
  return head.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + 5).toString('latin1') === 'ustar';
}

/** The first 512 bytes, and the content with them still in front. */
async function peekBlock(
  body: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; all: AsyncIterable<Uint8Array> }> {
  const chunks = body[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let length = 0; length < 512; ) {
    const next = await chunks.next();
    if (next.done === true) break;
    // The reader may use its memory again.
    first.push(Buffer.from(next.value));
    length += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  }
  return { head: Buffer.concat(first).subarray(0, 512), all: all() };
}

async function packFile(
  content: BlobStore,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<ArchivedFile> {
  const { digest, size } = await ingest(content, (writer) => gzipTar(body, writer, { signal }));
  return { digest, size, head: Buffer.from([0x1f, 0x8b]), document: null, repacked: true };
}

/** Puts a file into the content store; throws `digest-mismatch` where it is not what it is `expected` to be. */
export async function storeFile(
  content: BlobStore,
  body: AsyncIterable<Uint8Array>,
  expectedSize: number,
  expected?: Digest,
): Promise<ArchivedFile> {
  const kept: Uint8Array[] = [];
  let keptSize = 0;
  const limit = expectedSize <= DOCUMENT_LIMIT ? DOCUMENT_LIMIT : 8;
  const write = async (writer: BlobWriter): Promise<void> => {
    for await (const chunk of body) {
      await writer.write(chunk);
      if (keptSize < limit) kept.push(Buffer.from(chunk));
      keptSize += chunk.length;
    }
  };
  const { digest, size } = await ingest(content, write, expected);
  const bytes = Buffer.concat(kept);
  const document = size <= DOCUMENT_LIMIT ? bytes : null;
  return { digest, size, head: bytes.subarray(0, 8), document, repacked: false };
}

async function ingest(
  content: BlobStore,
  write: (writer: BlobWriter) => Promise<unknown>,
  expected?: Digest,
): Promise<{ digest: Digest; size: number }> {
  const writer = await content.ingest({});
  try {
    await write(writer);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return writer.commit(expected);
}
