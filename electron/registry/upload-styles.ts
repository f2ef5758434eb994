import type { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { RegistryResponse } from './request.ts';
import { counted } from './upload-content.ts';
import {
  haveByRange,
  lastByte,
  nextLocation,
  StyleRefused,
  sendStep,
  type Upload,
  type UploadSession,
  withDigest,
} from './upload-session.ts';

const OCTETS = 'application/octet-stream';
const DEFAULT_CHUNK = 8 * 1024 * 1024;
const LEAST_CHUNK = 256 * 1024;

/** Sends the blob with the request that ends the upload. */
export async function sendMonolithic(upload: Upload, session: UploadSession): Promise<void> {
  const body = openCounted(upload);
  const headers = { 'content-type': OCTETS, 'content-length': String(upload.content.size) };
  await sendStep(upload, 'PUT', withDigest(session.location, upload.content.digest), headers, body);
}

/** Sends the blob in one PATCH and ends the upload with an empty PUT, as Docker does. */
export async function sendStreamed(upload: Upload, session: UploadSession): Promise<void> {
  const body = openCounted(upload);
  const headers = { 'content-type': OCTETS, 'content-length': String(upload.content.size) };
  const response = await sendStep(upload, 'PATCH', session.location, headers, body);
  await finish(upload, nextLocation(response, upload.repository) ?? session.location);
}

/** Sends what the registry does not have yet in one PATCH and ends the upload with an empty PUT. */
export async function sendRest(upload: Upload, session: UploadSession): Promise<void> {
  const { size } = upload.content;
  const { have } = session;
  if (have >= size) return finish(upload, session.location);
  const headers = {
    'content-type': OCTETS,
    'content-length': String(size - have),
    'content-range': `${have}-${size - 1}`,
  };
  const response = await sendStep(upload, 'PATCH', session.location, headers, openCounted(upload, have));
  await finish(upload, nextLocation(response, upload.repository) ?? session.location);
}

/**
 * Sends the blob in several PATCH requests, each of which may be repeated, and ends the upload with an empty PUT.
 * Goes on from what the registry says it has; a smaller chunk is tried where one is too large.
 */
export async function sendChunked(upload: Upload, session: UploadSession): Promise<void> {
  const { content } = upload;
  let { location, have: at } = session;
  let chunkSize = Math.max(session.minChunk, Math.min(DEFAULT_CHUNK, upload.maxChunk));
  const reader = new ChunkReader(content, upload.signal);
  try {
    for (let stuck = 0; at < content.size; ) {
      // A first chunk of another length tells a range within the chunk from one that did not move.
      const length = at === 0 ? Math.max(session.minChunk, chunkSize / 2) : chunkSize;
      const chunk = await reader.read(at, Math.min(length, content.size - at));
      const outcome = await sendChunk(upload, location, at, chunk);
      location = outcome.location ?? location;
      upload.onSession({ ...session, location });
      if (outcome.isTooLarge) {
        chunkSize = Math.floor(chunkSize / 2);
        if (chunkSize < Math.max(session.minChunk, LEAST_CHUNK)) throw outcome.isTooLarge;
      } else if (outcome.have > at) {
        stuck = 0;
        at = Math.min(outcome.have, content.size);
        upload.onProgress(at);
      } else if (++stuck > 3) throw chunksDropped(upload);
      else at = outcome.have;
    }
  } finally {
    reader.close();
  }
  await finish(upload, location);
}

interface ChunkOutcome {
  /** Bytes of the blob that the registry has. */
  readonly have: number;
  readonly location: URL | undefined;
  readonly isTooLarge?: StyleRefused;
}

async function sendChunk(upload: Upload, location: URL, at: number, chunk: Buffer): Promise<ChunkOutcome> {
  const end = at + chunk.length;
  const headers = {
    'content-type': OCTETS,
    'content-length': String(chunk.length),
    'content-range': `${at}-${end - 1}`,
  };
  try {
    const response = await sendStep(upload, 'PATCH', location, headers, chunk);
    return { have: haveAfter(response, at, end), location: nextLocation(response, upload.repository) };
  } catch (error) {
    if (!(error instanceof StyleRefused)) throw error;
    if (isChunkTooLarge(error)) return { have: at, location: undefined, isTooLarge: error };
    if (error.status !== 416) throw error;
  }
  const response = await sendStep(upload, 'GET', location, {}, undefined);
  return { have: haveByRange(response, at), location: nextLocation(response, upload.repository) };
}

/** What a registry has after a chunk; one that names no range took it, and one names it relative to the chunk. */
function haveAfter(response: RegistryResponse, at: number, end: number): number {
  const told = lastByte(response);
  if (told === undefined || told === end - 1 || told === end - at - 1) return end;
  return told === 0 ? 0 : told + 1;
}

function isChunkTooLarge(error: StyleRefused): boolean {
  return error.status === 413 || (error.status === 416 && /exceed/i.test(error.refused.message));
}

function chunksDropped(upload: Upload): StyleRefused {
  const { registry } = upload.repository.endpoint;
  const error = new AppError(
    'registry-error',
    `${registry} does not keep the parts of layer ${shortDigest(upload.content.digest)}.`,
    {
      hint: 'The registry seems not to support uploads in parts; a limit of its proxy must be raised instead.',
      detail: { kind: 'registry', host: registry },
    },
  );
  return new StyleRefused(416, error);
}

async function finish(upload: Upload, location: URL): Promise<void> {
  await sendStep(
    upload,
    'PUT',
    withDigest(location, upload.content.digest),
    { 'content-length': '0' },
    undefined,
  );
}

/** The blob's bytes from `start` on for one try; counting starts anew with each. */
function openCounted(upload: Upload, start = 0): () => Promise<Readable> {
  return async () => {
    let done = start;
    upload.onProgress(start);
    return counted(await upload.content.open(start, upload.signal), (bytes) => {
      done += bytes;
      upload.onProgress(done);
    });
  };
}
