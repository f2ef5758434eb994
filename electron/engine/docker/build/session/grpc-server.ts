import http2 from 'node:http2';
import type { Duplex, Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';

/** One gRPC call as its handler sees it. */
export interface GrpcCall {
  /** All values of a header that the caller sent. */
  metadata(name: string): string[];
  /** The caller's messages, until it has sent its last. */
  readonly messages: AsyncIterable<Buffer>;
  /** Sends a message; resolves when there is room for the next. */
  send(message: Uint8Array): Promise<void>;
}

/** Answers one method; a throw becomes the call's failure. */
export type GrpcHandler = (call: GrpcCall) => Promise<void>;

const STATUS = { ok: 0, unknown: 2, notFound: 5, unimplemented: 12 } as const;
const PREFIX_BYTES = 5;
/** Messages of an engine to a client are requests of a few hundred bytes. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * Serves gRPC (HTTP/2 without TLS) over a connection that is already open: BuildKit turns `POST /session` round
 * and calls the client. `handlers` are by path, `/package.Service/Method`. Returns how to end it.
 */
export function serveGrpc(socket: Duplex, handlers: ReadonlyMap<string, GrpcHandler>): { close(): void } {
  const session = http2.performServerHandshake(socket);
  session.on('stream', (stream, headers, _flags, rawHeaders: string[] = []) => {
    // A call that breaks off is reported to its handler by the stream itself.
    stream.on('error', () => stream.destroy());
    const handler = handlers.get(String(headers[':path']));
    void answer(stream, rawHeaders, handler);
  });
  // The end of the connection ends the build, which tells it.
  session.on('error', () => session.destroy());
  return {
    close: () => {
      session.destroy();
      socket.destroy();
    },
  };
}

async function answer(
  stream: http2.ServerHttp2Stream,
  rawHeaders: readonly string[],
  handler: GrpcHandler | undefined,
): Promise<void> {
  let status: { code: number; message: string } = { code: STATUS.unimplemented, message: 'unknown method' };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({
      'grpc-status': String(status.code),
      'grpc-message': encodeURIComponent(status.message),
    });
  });
  if (handler !== undefined) {
    try {
      await handler({
        metadata: (name) => headerValues(rawHeaders, name),
        messages: readMessages(stream),
        send: (message) => sendMessage(stream, message),
      });
      status = { code: STATUS.ok, message: '' };
    } catch (error) {
      const code = error instanceof AppError && error.code === 'not-found' ? STATUS.notFound : STATUS.unknown;
      status = { code, message: error instanceof Error ? error.message : String(error) };
    }
  }
  if (!stream.destroyed) stream.end();
}

/** HTTP/2 of Node joins repeated headers by commas, which patterns may hold: the raw list keeps them apart. */
function headerValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}

/** Messages of gRPC's framing: one byte for compression, four of length (big-endian), content. */
async function* readMessages(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  // A handler that has read enough must not reset the stream: its answer is still to go out.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= PREFIX_BYTES) {
      const length = rest.readUInt32BE(1);
      if (rest[0] !== 0 || length > MAX_MESSAGE_BYTES) {
        throw new AppError('malformed', 'The engine sent a call that cannot be read.');
      }
      if (rest.length < PREFIX_BYTES + length) break;
      yield rest.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
      rest = rest.subarray(PREFIX_BYTES + length);
    }
  }
}

async function sendMessage(stream: http2.ServerHttp2Stream, message: Uint8Array): Promise<void> {
  if (stream.destroyed) throw new AppError('cancelled', 'The engine ended the call.');
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  // One write each: an entry of a large context would else cost two frames.
  if (!stream.write(Buffer.concat([prefix, message]))) await room(stream);
}

/** Resolves when the stream takes more, or never will. */
function room(stream: http2.ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
