import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { readContentRange } from './byte-range.ts';
import { answer, bodyOf, requireWritable, type ShareCall } from './share-request.ts';
import { SpecError } from './spec-error.ts';
import type { UploadSession } from './upload-sessions.ts';

/** The largest blob that is taken, in bytes. */
export const BLOB_LIMIT = 64 * 1024 ** 3;

/** `POST /v2/<name>/blobs/uploads/`: mounts a blob that is here, takes a whole one, or begins an upload. */
export async function beginUpload(call: ShareCall, repository: string): Promise<void> {
  requireWritable(call);
  const { site, query } = call;
  await site.uploads.keepAlive();
  const mount = query.get('mount');
  // Blobs are one for all repositories, so it does not matter which one the client would take it from.
  if (mount !== null && isDigest(mount) && (await site.store.content.touch(mount)))
    return answer(call, 201, createdHeaders(repository, mount));
  const whole = query.get('digest');
  const digest = whole === null ? null : readDigest(whole);
  const session = await site.uploads.begin(repository);
  if (digest === null) return answer(call, 202, sessionHeaders(session));
  await receive(call, session);
  await finish(call, session, digest);
}

/** `PATCH`, `PUT`, `GET` and `DELETE /v2/<name>/blobs/uploads/<id>`. */
export async function continueUpload(call: ShareCall, repository: string, id: string): Promise<void> {
  requireWritable(call);
  const { site, request, query } = call;
  await site.uploads.keepAlive();
  const session = site.uploads.get(id, repository);
  if (request.method === 'GET' || request.method === 'HEAD') await waitForSender(session);
  else await takeOver(session);
  // The earlier request may have ended the upload.
  site.uploads.get(id, repository);
  switch (request.method) {
    case 'PATCH':
      await receive(call, session);
      return answer(call, 202, sessionHeaders(session));
    case 'PUT': {
      const digest = readDigest(query.get('digest') ?? '');
      await receive(call, session);
      return finish(call, session, digest);
    }
    case 'DELETE':
      await site.uploads.cancel(session);
      return answer(call, 204, {});
    case 'GET':
    case 'HEAD':
      return answer(call, 204, sessionHeaders(session));
    default:
      throw new SpecError(405, 'UNSUPPORTED', `${request.method} is nothing to do with an upload.`);
  }
}

/** Appends the body. A chunk that says where it belongs must follow what is there. */
async function receive(call: ShareCall, session: UploadSession): Promise<void> {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  session.sender = { ended, giveUp: () => void call.request.destroy() };
  try {
    const expected = expectedLength(call.request, session);
    let received = 0;
    for await (const chunk of bodyOf(call)) {
      received += chunk.length;
      const isTooLong = expected !== undefined && received > expected;
      if (isTooLong || session.offset + chunk.length > BLOB_LIMIT) throw await tooLarge(call, session);
      await write(call, session, chunk);
      session.offset += chunk.length;
      session.touchedAt = Date.now();
    }
    if (expected !== undefined && received !== expected)
      throw new SpecError(400, 'SIZE_INVALID', `${received} bytes came where ${expected} were announced.`);
  } finally {
    session.sender = null;
    end();
  }
}

/** Milliseconds that a question after an upload waits for a request that still sends. */
const SENDER_MS = 1000;

/**
 * Ends the request that sends this upload. A client that comes again has given that one up, be it that the broken
 * connection was not noticed here yet.
 */
async function takeOver(session: UploadSession): Promise<void> {
  for (let sender = session.sender; sender !== null; sender = session.sender) {
    sender.giveUp();
    await sender.ended;
  }
}

/** Lets what is left of a broken connection be written, so that the answer is where the client goes on. */
async function waitForSender({ sender }: UploadSession): Promise<void> {
  if (sender !== null) await Promise.race([sender.ended, sleep(SENDER_MS, undefined, { ref: false })]);
}

/** After bytes could not be written nobody knows where the next ones belong: the upload ends. */
async function write({ site }: ShareCall, session: UploadSession, chunk: Uint8Array): Promise<void> {
  try {
    await session.writer.write(chunk);
  } catch (error) {
    await site.uploads.cancel(session);
    throw error;
  }
}

/** How many bytes a Content-Range announces, undefined where there is none. Throws where they are not the next ones. */
function expectedLength(request: IncomingMessage, session: UploadSession): number | undefined {
  const length = Number(request.headers['content-length'] ?? 0);
  if (session.offset + length > BLOB_LIMIT)
    throw new SpecError(413, 'SIZE_INVALID', `Blobs may have at most ${BLOB_LIMIT} bytes here.`);
  const header = request.headers['content-range'];
  if (header === undefined) return undefined;
  const range = readContentRange(header);
  if (range === null) throw new SpecError(400, 'BLOB_UPLOAD_INVALID', `"${header}" is not a range of bytes.`);
  if (range.start !== session.offset)
    throw new SpecError(
      416,
      'BLOB_UPLOAD_INVALID',
      `The chunk begins at ${range.start}; the next byte here is ${session.offset}.`,
      sessionHeaders(session),
    );
  return range.end - range.start;
}

async function tooLarge({ site }: ShareCall, session: UploadSession): Promise<SpecError> {
  await site.uploads.cancel(session);
  return new SpecError(413, 'SIZE_INVALID', 'More bytes came than were announced, or than a blob may have.');
}

async function finish(call: ShareCall, session: UploadSession, digest: Digest): Promise<void> {
  await call.site.uploads.finish(session, digest);
  answer(call, 201, createdHeaders(session.repository, digest));
}

function readDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new SpecError(400, 'DIGEST_INVALID', `"${text}" is not a digest such as sha256:<64 hex digits>.`);
}

function sessionHeaders({ repository, id, offset }: UploadSession): Record<string, string> {
  return {
    location: `/v2/${repository}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, offset - 1)}`,
    'docker-upload-uuid': id,
  };
}

function createdHeaders(repository: string, digest: Digest): Record<string, string> {
  return { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest };
}
