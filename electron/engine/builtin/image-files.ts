import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { forEachParallel } from '../../image/limiter.ts';
import { readEntryBytes } from '../../image/read-entry.ts';
import { buildFileTree, type FileContent, type FileTree, findContent } from '../../insight/file-tree.ts';
import { listDirectory } from '../../insight/list-directory.ts';
import { searchFiles } from '../../insight/search-files.ts';
import type { LayeredImage, OpenLayer, OpenLayered } from '../layered-image.ts';
import type { FileAddress, ImageFiles } from '../ports.ts';

/** Trees kept ready: a person looks at a few layers of a few images. */
const TREES_KEPT = 6;
/** Bytes of a file that a preview shows. */
const PREVIEW_BYTES = 256 * 1024;

/** Layers whose indexes are made at the same time: at a registry each of them is a transfer. */
const INDEXED_AT_ONCE = 3;

/** The files of images, from the indexes of their layers: nothing is unpacked. */
export function createImageFiles(open: OpenLayered): ImageFiles {
  const trees = new Map<string, Promise<FileTree>>();
  const treeOf = async (
    image: LayeredImage,
    layer: number,
    view: 'layer' | 'stack',
    signal?: AbortSignal,
  ): Promise<FileTree> => {
    const unread = view === 'stack' ? [] : await unreadBelow(image, layer);
    const key = `${image.digest} ${layer} ${unread.join(',')}`;
    const known = trees.get(key) ?? openTree(image, layer, new Set(unread), signal);
    trees.delete(key);
    trees.set(key, known);
    known.catch(() => trees.delete(key));
    const oldest = trees.keys().next().value;
    if (trees.size > TREES_KEPT && oldest !== undefined) trees.delete(oldest);
    return known;
  };
  const locate = async ({ ref, layer, path }: FileAddress, signal: AbortSignal | undefined) => {
    const image = await open(ref, signal);
    const alone = await treeOf(image, layer, 'layer', signal);
    try {
      return { image, content: findContent(alone, path) };
    } catch (error) {
      // A link may lead to a file of a layer that was not read yet.
      if (!(error instanceof AppError) || (await unreadBelow(image, layer)).length === 0) throw error;
      return { image, content: findContent(await treeOf(image, layer, 'stack', signal), path) };
    }
  };
  return {
    list: async (query, signal) =>
      listDirectory(await treeOf(await open(query.ref, signal), query.layer, query.view, signal), query),
    search: async (query, signal) =>
      searchFiles(await treeOf(await open(query.ref, signal), query.layer, query.view, signal), {
        ...query,
        signal,
      }),
    preview: async (file, signal) => {
      const { image, content } = await locate(file, signal);
      const bytes = await gather(readContent(image, content, { end: PREVIEW_BYTES, signal }));
      const { size } = content.entry;
      return { size, text: asText(bytes, size > bytes.length), truncated: size > bytes.length };
    },
    open: async (file, signal) => {
      const { image, content } = await locate(file, signal);
      return Readable.from(readContent(image, content, { signal }), { objectMode: false });
    },
  };
}

/**
 * Layers below one whose index would have to be fetched first. What a layer holds can be shown without them; whether it
 * adds or changes a file can then not be told.
 */
async function unreadBelow(image: LayeredImage, layer: number): Promise<readonly number[]> {
  const below = await Promise.all(
    image.layers
      .slice(0, layer)
      .map(async (each, at) => (each.known === undefined || (await each.known()) !== null ? -1 : at)),
  );
  return below.filter((at) => at >= 0);
}

/** `unread` layers are taken as empty. */
async function openTree(
  image: LayeredImage,
  layer: number,
  unread: ReadonlySet<number>,
  signal: AbortSignal | undefined,
): Promise<FileTree> {
  const wanted = image.layers.slice(0, layer + 1);
  const indexes: LayerIndex[] = [];
  await forEachParallel([...wanted.entries()], INDEXED_AT_ONCE, signal, async ([i, each], own) => {
    indexes[i] = unread.has(i) ? emptyIndex(each) : await each.index(own);
  });
  return buildFileTree(indexes, layer);
}

function emptyIndex({ diffId }: OpenLayer): LayerIndex {
  return { diffId, tarSize: 0, contentSize: 0, entries: [], seekPoints: [] };
}

async function* readContent(
  image: LayeredImage,
  { layer, entry }: FileContent,
  options: { end?: number; signal?: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  const opened = image.layers[layer] as OpenLayer;
  const index = await opened.index(options.signal);
  const blob = {
    size: opened.size,
    read: (start: number, end: number) => opened.read(start, end, options.signal),
  };
  yield* readEntryBytes(blob, opened, index, entry, options);
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
