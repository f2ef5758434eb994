import { Readable } from 'node:stream';
import { readEntryBytes } from '../../image/read-entry.ts';
import { buildFileTree, type FileContent, type FileTree, findContent } from '../../insight/file-tree.ts';
import { listDirectory } from '../../insight/list-directory.ts';
import { searchFiles } from '../../insight/search-files.ts';
import { findImage } from '../../store/find-image.ts';
import type { ImageRecord, LayerRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import type { FileAddress, ImageFiles } from '../ports.ts';

/** Trees kept ready: a person looks at a few layers of a few images. */
const TREES_KEPT = 6;
/** Bytes of a file that a preview shows. */
const PREVIEW_BYTES = 256 * 1024;

/** The files of the store's images, from the indexes of their layers: nothing is unpacked. */
export function createImageFiles(store: Store): ImageFiles {
  const trees = new Map<string, Promise<FileTree>>();
  const treeOf = (image: ImageRecord, layer: number): Promise<FileTree> => {
    const key = `${image.digest} ${layer}`;
    const known = trees.get(key) ?? openTree(store, image, layer);
    trees.delete(key);
    trees.set(key, known);
    known.catch(() => trees.delete(key));
    const oldest = trees.keys().next().value;
    if (trees.size > TREES_KEPT && oldest !== undefined) trees.delete(oldest);
    return known;
  };
  const locate = async ({ ref, layer, path }: FileAddress) => {
    const image = await findImage(store, ref);
    return { image, content: findContent(await treeOf(image, layer), path) };
  };
  return {
    list: async (query) => listDirectory(await treeOf(await findImage(store, query.ref), query.layer), query),
    search: async (query, signal) =>
      searchFiles(await treeOf(await findImage(store, query.ref), query.layer), { ...query, signal }),
    preview: async (file, signal) => {
      const { image, content } = await locate(file);
      const bytes = await gather(readContent(store, image, content, { end: PREVIEW_BYTES, signal }));
      const { size } = content.entry;
      return { size, text: asText(bytes, size > bytes.length), truncated: size > bytes.length };
    },
    open: async (file, signal) => {
      const { image, content } = await locate(file);
      return Readable.from(readContent(store, image, content, { signal }), { objectMode: false });
    },
  };
}

async function openTree(store: Store, image: ImageRecord, layer: number): Promise<FileTree> {
  const indexes = await Promise.all(image.layers.slice(0, layer + 1).map((each) => store.layers.index(each)));
  return buildFileTree(indexes, layer);
}

async function* readContent(
  store: Store,
  image: ImageRecord,
  { layer, entry }: FileContent,
  options: { end?: number; signal?: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  const record = image.layers[layer] as LayerRecord;
  const index = await store.layers.index(record, options.signal);
  const blob = {
    size: record.size,
    read: (start: number, end: number) => store.content.open(record.digest, { start, end }),
  };
  yield* readEntryBytes(blob, record, index, entry, options);
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** The bytes as text, null when they are none: a NUL byte, or no UTF-8. A cut may split the last character. */
function asText(bytes: Buffer, isCut: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}
