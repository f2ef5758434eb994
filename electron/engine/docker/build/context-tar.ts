import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import type { ContextListing } from '../../../build/context/context-entry.ts';
import { contextReadError } from '../../../build/context/context-error.ts';
import type { ContextPlace } from '../../../build/context-place.ts';
import { encodeEntryHeader, TAR_END, tarPadding } from '../../../image/tar/encode-entry.ts';
import { type SentEntry, sentEntries } from './sent-entries.ts';

const CHUNK_BYTES = 256 * 1024;

/** The Dockerfile of a build as the tar carries it. */
export interface SentDockerfile {
  /** Its path within the tar. */
  readonly path: string;
  /** Set when it is no entry of the context, being outside of it or ignored: it is added under `path`. */
  readonly text: string | null;
}

/**
 * Where the Dockerfile stands in the tar: at its own place when the listing has it, else under a name by its
 * content, so that the same build gives the same tar.
 */
export function placeDockerfile(
  listing: ContextListing,
  dockerfilePath: string,
  text: string,
): SentDockerfile {
  const relative = path.relative(listing.root, dockerfilePath).split(path.sep).join('/');
  const place = listing.entries.find(relative);
  if (place !== null && listing.entries.typeAt(place) === 'file') return { path: relative, text: null };
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 20);
  return { path: `.dockerfile.${hash}`, text };
}

/** The files of a context and what is said of them. */
export interface SentContext {
  readonly listing: ContextListing;
  readonly attributesOf: ContextPlace['attributesOf'];
}

/**
 * The build context as a tar stream. `ignoreText` is the ignore
 * file's text: an added Dockerfile is named in it, so that no COPY takes it along.
 */
export function createContextTar(
  context: SentContext,
  dockerfile: SentDockerfile,
  ignoreText: string,
  signal: AbortSignal,
): Readable {
  return Readable.from(contextBytes(context, dockerfile, ignoreText, signal), { objectMode: false, signal });
}

async function* contextBytes(
  { listing, attributesOf }: SentContext,
  dockerfile: SentDockerfile,
  ignoreText: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const replaced = new Set<string>();
  if (dockerfile.text !== null) {
    yield* textEntry(dockerfile.path, dockerfile.text);
    yield* textEntry('.dockerignore', `${ignoreText}\n${dockerfile.path}\n.dockerignore\n`);
    replaced.add('.dockerignore');
  }
  for (const entry of sentEntries(listing.entries, attributesOf)) {
    signal.throwIfAborted();
    if (!replaced.has(entry.path)) yield* entryBytes(listing.root, entry);
  }
  yield TAR_END;
}

async function* entryBytes(root: string, entry: SentEntry): AsyncGenerator<Uint8Array> {
  const { path: name, type, mode, uid, gid, hardLink } = entry;
  const isLink = hardLink !== undefined;
  yield encodeEntryHeader({
    path: name,
    type: isLink ? 'hardlink' : type,
    ...{ mode, uid, gid },
    size: isLink ? 0 : entry.size,
    mtime: Math.floor(entry.mtimeMs / 1000),
    linkName: hardLink ?? entry.linkTarget,
  });
  if (isLink) return;
  if (type === 'file' && entry.size > 0) yield* fileBytes(path.join(root, entry.path), entry.size);
}

/** Exactly `size` bytes of a file: the header has promised them. */
async function* fileBytes(file: string, size: number): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r').catch((error) => {
    throw contextReadError(error, file);
  });
  try {
    let left = size;
    while (left > 0) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) throw shrunk(file);
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    yield new Uint8Array(tarPadding(size));
  } finally {
    await handle.close();
  }
}

function* textEntry(name: string, text: string): Generator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  const fixed = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0 } as const;
  yield encodeEntryHeader({ ...fixed, path: name, size: bytes.length });
  yield bytes;
  yield new Uint8Array(tarPadding(bytes.length));
}

function shrunk(file: string): AppError {
  return new AppError('conflict', `${file} became shorter while it was sent.`, {
    hint: 'Something writes to the project folder: build again when it is done.',
    detail: { kind: 'path', path: file },
  });
}
