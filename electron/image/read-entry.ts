import type { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { layerCompression } from '#shared/oci/media-types.ts';
import { abortable } from './abortable.ts';
import { sliceBytes } from './chunks.ts';
import { decompressLayer } from './decompress-layer.ts';
import type { LayerEntry, LayerIndex, SeekPoint } from './layer-index.ts';
import { readTar } from './tar/read-tar.ts';

/** A layer's blob whose bytes can be read from any place on. */
export interface RandomAccessBlob {
  readonly size: number;
  /** The bytes from `start` to before `end`. */
  read(start: number, end: number): Readable;
}

export interface ReadEntryOptions {
  /** First byte of the content wanted; 0 when absent. */
  readonly start?: number | undefined;
  /** Byte before which to stop; the end of the file when absent or beyond. */
  readonly end?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The content of one file of a layer, or a part of it, read from the blob without unpacking the rest where the
 * blob is bare or has seek points, and stopping as soon as the last byte is there. Throws `invalid-input` when
 * `entry` is no file (resolve hard links first), `malformed`, `cancelled`.
 */
export async function* readEntryBytes(
  blob: RandomAccessBlob,
  layer: { readonly mediaType: string },
  index: LayerIndex,
  entry: LayerEntry,
  options: ReadEntryOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  if (entry.type !== 'file')
    throw new AppError('invalid-input', `${entry.path} is a ${entry.type} and has no content of its own.`);
  const start = Math.max(0, options.start ?? 0);
  const end = Math.min(entry.size, options.end ?? entry.size);
  if (start >= end) return;
  const read = (from: number, to: number) => readTarRange(blob, layer.mediaType, index, from, to, options);
  const bytes =
    entry.sparse === true
      ? sliceBytes(firstBody(read(entry.offset, index.tarSize), options), start, end)
      : read(entry.offset + start, entry.offset + end);
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    yield chunk;
  }
  if (length < end - start)
    throw new AppError('malformed', `The layer ends before the content of ${entry.path} does.`, {
      hint: 'Fetch the layer again.',
    });
}

/** The bytes `from` to before `to` of the tar inside a blob. */
function readTarRange(
  blob: RandomAccessBlob,
  mediaType: string,
  index: LayerIndex,
  from: number,
  to: number,
  { signal }: ReadEntryOptions,
): AsyncIterable<Uint8Array> {
  const isBare = layerCompression(mediaType) === 'none' && blob.size === index.tarSize;
  if (isBare) return abortable(blob.read(from, to), signal);
  const first = lastPointUpTo(index.seekPoints, from);
  const next = index.seekPoints.find((point) => point.uncompressed >= to);
  const members = blob.read(first.compressed, next?.compressed ?? blob.size);
  const tar = decompressLayer(members, mediaType, { signal });
  return sliceBytes(tar, from - first.uncompressed, to - first.uncompressed);
}

function lastPointUpTo(points: readonly SeekPoint[], position: number): SeekPoint {
  return points.findLast((point) => point.uncompressed <= position) ?? { compressed: 0, uncompressed: 0 };
}

/** The content of the entry with which the bytes begin. */
async function* firstBody(
  tar: AsyncIterable<Uint8Array>,
  { signal }: ReadEntryOptions,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const entry of readTar(tar, { signal })) {
    yield* entry.body;
    return;
  }
}
