import { Readable, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '#shared/errors/app-error.ts';
import { type Compression, layerCompression } from '#shared/oci/media-types.ts';
import { abortable } from './abortable.ts';
import { unpackZstd } from './decompress-zstd.ts';

export interface DecompressOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that may come out at most; more is `malformed`. */
  readonly maxBytes?: number | undefined;
}

/** Large enough that the threads, not the hand-overs, take the time. */
const OUTPUT_CHUNK = 256 * 1024;

/**
 * The tar inside a layer's blob: as it is, gzip of any number of members, or zstd. The first bytes decide where
 * the media type says otherwise. Throws `malformed` for damaged data, `unsupported` for xz and bzip2,
 * `cancelled` when the signal aborts.
 */
export async function* decompressLayer(
  blob: AsyncIterable<Uint8Array>,
  mediaType: string,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  const { head, all } = await peek(abortable(blob, options.signal), 6);
  const compression = chooseCompression(head, mediaType);
  let total = 0;
  for await (const chunk of abortable(decompress(all, compression), options.signal)) {
    total += chunk.length;
    if (options.maxBytes !== undefined && total > options.maxBytes)
      throw new AppError(
        'malformed',
        `The layer unpacks to more than the ${options.maxBytes} bytes allowed.`,
      );
    yield chunk;
  }
}

function decompress(blob: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === 'none') return blob;
  if (compression === 'gzip') return through(blob, createGunzip({ chunkSize: OUTPUT_CHUNK }));
  return throughZstd(blob);
}

/** Pipes `source` through a decompressor; its own errors become `malformed`, those of the source stay. */
async function* through(
  source: AsyncIterable<Uint8Array>,
  stage: Transform,
): AsyncGenerator<Uint8Array, void, void> {
  const input = Readable.from(source, { objectMode: false, highWaterMark: OUTPUT_CHUNK });
  let inputError: Error | null = null;
  input.on('error', (error) => {
    inputError = error;
    stage.destroy(error);
  });
  input.pipe(stage);
  try {
    for await (const chunk of stage) yield chunk as Buffer;
  } catch (error) {
    throw inputError ?? damaged(error);
  } finally {
    input.destroy();
    stage.destroy();
  }
}

/** Again the source's own errors stay what they are. */
async function* throughZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let inputError: unknown = null;
  async function* watched(): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* source;
    } catch (error) {
      inputError = error;
      throw error;
    }
  }
  try {
    yield* unpackZstd(watched());
  } catch (error) {
    throw inputError ?? damaged(error);
  }
}

function damaged(cause: unknown): AppError {
  return new AppError('malformed', 'The layer cannot be decompressed: its data is damaged or cut off.', {
    hint: 'Fetch it again.',
    cause,
  });
}

/** First bytes in hex. A zstd blob may also begin with a skippable frame. */
const MAGIC: readonly (readonly [kind: Compression | 'xz' | 'bzip2', pattern: RegExp])[] = [
  ['gzip', /^1f8b/],
  ['zstd', /^(?:28b52ffd|5[0-9a-f]2a4d18)/],
  ['xz', /^fd377a585a00/],
  ['bzip2', /^425a683[1-9]3141/],
];

/** What the first bytes show; a bare tar has no such mark. */
function chooseCompression(head: Buffer, mediaType: string): Compression {
  const kind = MAGIC.find(([, pattern]) => pattern.test(head.toString('hex')))?.[0];
  if (kind === 'xz' || kind === 'bzip2')
    throw new AppError('unsupported', `The layer is compressed with ${kind}, which image layers cannot be.`);
  if (kind === undefined && layerCompression(mediaType) === null)
    throw new AppError('unsupported', `"${mediaType}" is not a layer that can be unpacked.`);
  return kind ?? 'none';
}

/** The first bytes of a stream, and the stream with them still in front. */
async function peek(
  source: AsyncGenerator<Uint8Array, void, void>,
  length: number,
): Promise<{ head: Buffer; all: AsyncIterable<Uint8Array> }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const next = await source.next();
    if (next.done === true) break;
    parts.push(next.value);
    size += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* parts;
      yield* source;
    } finally {
      await source.return();
    }
  }
  return { head: Buffer.concat(parts).subarray(0, length), all: all() };
}
