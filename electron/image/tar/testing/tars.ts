import { collectBytes } from '../../chunks.ts';
import { encodeEntryHeader, TAR_END, type TarEntryFields, tarPadding } from '../encode-entry.ts';
import { readTar } from '../read-tar.ts';
import type { TarHeader, TarLimits } from '../tar-entry.ts';

/** The bytes as a stream, cut into pieces of these sizes in turn. */
export async function* cut(
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** An entry with its content. */
export type Item = readonly [fields: TarEntryFields, body: Buffer];

/** A whole tar. */
export function encode(items: readonly Item[]): Buffer {
  const parts = items.flatMap(([fields, body]) => [
    encodeEntryHeader(fields),
    body,
    Buffer.alloc(tarPadding(body.length)),
  ]);
  return Buffer.concat([...parts, TAR_END]);
}

/** Every entry of a tar, its content read. */
export async function decode(source: AsyncIterable<Uint8Array>, limits?: Partial<TarLimits>) {
  const found: { header: Omit<TarHeader, 'bodyOffset' | 'headerOffset'>; body: Buffer }[] = [];
  for await (const { body, bodyOffset: _, headerOffset: __, ...header } of readTar(source, { limits }))
    found.push({ header, body: await collectBytes(body) });
  return found;
}

/** An empty file with nothing special, to be changed by spreading. */
export const plain: TarEntryFields = {
  path: 'f',
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
};

/** An extension header of the given type with its content. */
export function extension(flag: string, content: string): Buffer {
  const size = Buffer.byteLength(content);
  const block = Buffer.from(encodeEntryHeader({ ...plain, path: 'extension', size }));
  block.write(flag, 156, 'latin1');
  return mendChecksums(Buffer.concat([block, Buffer.from(content), Buffer.alloc(tarPadding(size))]));
}

/** Makes the checksum right again in every block that says it is a ustar header. */
export function mendChecksums(bytes: Buffer): Buffer {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    bytes.fill(0x20, at + 148, at + 156);
    let sum = 0;
    for (const byte of bytes.subarray(at, at + 512)) sum += byte;
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  return bytes;
}
