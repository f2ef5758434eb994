import { Readable } from 'node:stream';
import { indexLayer } from '../../image/index-layer.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { LayerWriter, type NewLayerEntry } from '../../image/layer-writer.ts';
import { encodeEntryHeader, TAR_END, type TarEntryFields, tarPadding } from '../../image/tar/encode-entry.ts';
import type { LayerSource } from '../lower-store.ts';

/** A layer in memory. */
export interface TestLayer extends LayerSource {
  readonly index: LayerIndex;
  readonly tar: Buffer;
}

/** An entry with short defaults: root's, 0755 for folders and 0644 for the rest, from 2023. */
export type EntryInput = Partial<Omit<NewLayerEntry, 'path'>> & {
  readonly path: string;
  readonly text?: string | Buffer;
};

/** The full entry. */
export function entryOf({ text, ...input }: EntryInput): NewLayerEntry {
  const type = input.type ?? 'file';
  const size = text === undefined ? (input.size ?? 0) : Buffer.from(text).length;
  return {
    mode: type === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    mtime: 1_700_000_000,
    ...input,
    type,
    size,
  };
}

/** A layer with these entries, written as Strata writes layers. */
export async function makeLayer(entries: readonly EntryInput[]): Promise<TestLayer> {
  return writeLayer(async (writer) => {
    for (const input of entries) await writer.add(entryOf(input), Buffer.from(input.text ?? ''));
  });
}

/** The layer that `fill` writes. */
export async function writeLayer(fill: (writer: LayerWriter) => Promise<unknown>): Promise<TestLayer> {
  const chunks: Uint8Array[] = [];
  const writer = new LayerWriter(
    { write: async (chunk) => void chunks.push(chunk) },
    { compression: 'none' },
  );
  await fill(writer);
  const { diffId, index } = await writer.finish();
  const tar = Buffer.concat(chunks);
  return { diffId, index, tar, uncompressed: async () => Readable.from([tar]) };
}

/** An entry with short defaults whose names are stored as they are given. */
export type RawEntry = Partial<TarEntryFields> & { readonly path: string; readonly text?: string };

/** A layer of entries that no honest writer would write. */
export async function makeRawTar(entries: readonly RawEntry[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (const { text = '', ...entry } of entries) {
    const body = Buffer.from(text);
    const placeholder = 'x'.repeat(entry.path.length);
    const fields = {
      type: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      ...entry,
      size: body.length,
    } as const;
    parts.push(renameHeader(Buffer.from(encodeEntryHeader({ ...fields, path: placeholder })), entry.path));
    parts.push(body, Buffer.alloc(tarPadding(body.length)));
  }
  return Buffer.concat([...parts, TAR_END]);
}

/** What is in a layer, as short lines: type, mode, owner and name. */
export async function describeLayer(tar: Uint8Array): Promise<string[]> {
  const index = await indexLayer(Readable.from([tar]));
  return Array.from(
    index.entries,
    ({ type, mode, uid, gid, path, linkTarget }) =>
      `${type} ${mode.toString(8)} ${uid}:${gid} ${path}${linkTarget === undefined ? '' : ` -> ${linkTarget}`}`,
  );
}

/** Puts another name of at most 100 bytes into a header and seals it again. */
function renameHeader(header: Buffer, name: string): Buffer {
  const block = header.subarray(-512);
  block.fill(0, 0, 100);
  block.write(name, 0, 'latin1');
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
