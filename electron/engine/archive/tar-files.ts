import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { cancelled } from '../../image/abortable.ts';
import { sliceBytes } from '../../image/chunks.ts';
import { decompressLayer } from '../../image/decompress-layer.ts';
import { readTar } from '../../image/tar/read-tar.ts';
import { cleanEntryPath } from '../../image/tar/safe-path.ts';
import type { TarHeader } from '../../image/tar/tar-entry.ts';
import { type TarEvent, TarScanner } from '../../image/tar/tar-scanner.ts';
import { DOCUMENT_LIMIT, missingFile, tooLarge } from './archive-documents.ts';
import type { ArchiveFiles } from './archive-files.ts';

/** Where a file of the archive lies in the tar. */
interface Place {
  readonly offset: number;
  readonly size: number;
  /** Kept where the tar is compressed: it was read already. */
  readonly document?: Buffer | undefined;
}

/** Entries of an archive at most: one of images has a few files for each layer. */
const MAX_ENTRIES = 100_000;
/** Bytes of small files that are kept of a compressed archive, at most. */
const MAX_KEPT = 64 * 1024 * 1024;

/**
 * The files of a tar, also gzip or zstd. Of a bare tar only the headers are read; a compressed one is read once to its
 * end, and again up to a file whenever that is read. Throws `malformed`, `unsafe-archive`, `unsupported`, `cancelled`.
 */
export async function openTarFiles(path: string, signal?: AbortSignal): Promise<ArchiveFiles> {
  const isPacked = await isCompressed(path);
  const places = isPacked ? await readPacked(path, signal) : await readHeaders(path, signal);
  const readFrom = (
    place: Place,
    start: number,
    end: number,
    own?: AbortSignal,
  ): AsyncIterable<Uint8Array> => {
    const [from, to] = [place.offset + start, place.offset + Math.min(end, place.size)];
    if (to <= from) return Readable.from([], { objectMode: false });
    if (isPacked) return sliceBytes(unpacked(path, own), from, to);
    return createReadStream(path, { start: from, end: to - 1, highWaterMark: 1 << 20, signal: own });
  };
  return {
    size: async (name) => places.get(name)?.size ?? null,
    document: async (name, own) => {
      const place = places.get(name);
      if (place === undefined) throw missingFile(name);
      if (place.size > DOCUMENT_LIMIT) throw tooLarge(name);
      if (place.document !== undefined) return place.document;
      const chunks: Uint8Array[] = [];
      for await (const chunk of readFrom(place, 0, place.size, own)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    read: (name, start, end, own) => {
      const place = places.get(name);
      if (place === undefined) throw missingFile(name);
      return Readable.from(readFrom(place, start, end, own), { objectMode: false });
    },
  };
}

function unpacked(path: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  return decompressLayer(createReadStream(path, { highWaterMark: 1 << 20 }), MEDIA_TYPE.ociLayer, { signal });
}

async function isCompressed(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0);
    const hex = buffer.subarray(0, bytesRead).toString('hex');
    return /^(?:1f8b|28b52ffd|5[0-9a-f]2a4d18|fd377a585a00|425a68)/.test(hex);
  } finally {
    await file.close();
  }
}

/** Collects entries and follows links at the end. */
class PlaceBook {
  readonly #places = new Map<string, Place>();
  readonly #links = new Map<string, string>();
  #count = 0;

  add(header: TarHeader, place: Omit<Place, 'size'>): void {
    this.#count += 1;
    if (this.#count > MAX_ENTRIES)
      throw new AppError(
        'malformed',
        `The archive has more than ${MAX_ENTRIES} files: it is not one of images.`,
      );
    const name = cleanEntryPath(header.path);
    if (header.type === 'symlink') this.#links.set(name, posix.join(posix.dirname(name), header.linkName));
    if (header.type === 'hardlink') this.#links.set(name, cleanEntryPath(header.linkName));
    if (header.type !== 'file') return;
    if (header.sparse)
      throw new AppError('unsupported', `${name} is stored with holes in the archive.`, {
        hint: 'Write the archive again without sparse files.',
      });
    this.#places.set(name, { ...place, size: header.size });
  }

  finish(): ReadonlyMap<string, Place> {
    for (const [name, target] of this.#links) {
      const place = this.#places.get(this.#links.get(target) ?? target);
      if (place !== undefined) this.#places.set(name, place);
    }
    return this.#places;
  }
}

async function readPacked(path: string, signal?: AbortSignal): Promise<ReadonlyMap<string, Place>> {
  const book = new PlaceBook();
  let kept = 0;
  for await (const entry of readTar(unpacked(path, signal), { signal })) {
    let document: Buffer | undefined;
    if (entry.type === 'file' && entry.size <= DOCUMENT_LIMIT && kept + entry.size <= MAX_KEPT) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry.body) chunks.push(Buffer.from(chunk));
      document = Buffer.concat(chunks);
      kept += document.length;
    }
    book.add(entry, { offset: entry.bodyOffset, document });
  }
  return book.finish();
}

const BLOCK = 512;

/** Goes from header to header: what lies between them is not read. */
async function readHeaders(path: string, signal?: AbortSignal): Promise<ReadonlyMap<string, Place>> {
  const book = new PlaceBook();
  const file = await open(path);
  try {
    const { size } = await file.stat();
    for (let at = 0; at < size; ) {
      if (signal?.aborted) throw cancelled();
      const header = await readHeader(file, at);
      if (header === null) break;
      const offset = at + header.bodyOffset;
      if (offset + header.size > size)
        throw new AppError('malformed', `The archive is cut off in the middle of ${header.path}.`, {
          hint: 'Save or copy it again.',
        });
      book.add(header, { offset });
      at = offset + Math.ceil(header.size / BLOCK) * BLOCK;
    }
  } finally {
    await file.close();
  }
  return book.finish();
}

/** The entry that begins at `at`, its extension headers applied; null at the end of the archive. */
async function readHeader(file: FileHandle, at: number): Promise<TarHeader | null> {
  const scanner = new TarScanner();
  const events: TarEvent[] = [];
  for (let offset = at; ; offset += BLOCK) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, offset);
    const block = buffer.subarray(0, bytesRead);
    if (offset === at && block.every((byte) => byte === 0)) return null;
    if (bytesRead === 0) {
      scanner.finish();
      return null;
    }
    scanner.push(block, events);
    const [event] = events;
    if (event?.kind === 'entry') return event.header;
  }
}
