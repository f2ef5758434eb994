import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { indexLayer } from '../../image/index-layer.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { cleanPath, joinPath, parentPath } from '../../image/stack-tree.ts';
import { processIdentity } from '../../platform/process-identity.ts';
import { detectPacking, isTarHeader, PACKING_HEAD, type Packing, unpackArchive } from '../archive-packing.ts';
import type { CopyItem } from './copy-files.ts';
import type { LayerDraft } from './layer-draft.ts';
import type { Owner } from './owner.ts';
import type { StepContext } from './step-context.ts';

/** An archive made readable: its tar lies in a scratch file, its entries are indexed. */
export interface OpenArchive {
  readonly index: LayerIndex;
  readonly tarPath: string;
  /** Removes the scratch file. */
  close(): Promise<void>;
}

/** Those of the items that are archives, told by their content: tar, plain or packed by gzip, bzip2, xz or zstd. */
export async function openArchives(
  items: readonly CopyItem[],
  context: StepContext,
): Promise<Map<CopyItem, OpenArchive>> {
  const archives = new Map<CopyItem, OpenArchive>();
  for (const item of items) {
    if (item.node.type !== 'file' || item.node.size === 0) continue;
    const packing = detectPacking(await readHead(item, context, PACKING_HEAD));
    const archive = packing === null ? null : await openArchive(item, packing, context);
    if (archive !== null) archives.set(item, archive);
  }
  return archives;
}

/** Puts the entries of an archive below the destination; their owners stay unless `owner` is given. */
export function addArchive(
  draft: LayerDraft,
  archive: OpenArchive,
  destination: string,
  owner: Owner | null,
): void {
  const into = draft.resolve(cleanPath(destination));
  draft.makeDirectory(into, owner ?? { uid: 0, gid: 0 });
  for (const entry of archive.index.entries) {
    if (entry.path === '' || entry.type === 'whiteout' || entry.type === 'opaque') continue;
    // A link stands for where it leads to, but never out of the destination.
    const within = (inside: string, followLast: boolean) =>
      draft.resolve(joinPath(into, inside), { root: into, followLast });
    const path = within(entry.path, entry.type === 'directory');
    draft.makeDirectory(parentPath(path), { uid: 0, gid: 0 });
    const placed = { ...entry, ...owner, path };
    if (entry.type === 'hardlink') {
      draft.link(placed, within(entry.linkTarget ?? '', false));
      continue;
    }
    const { offset, size } = entry;
    const body =
      entry.type === 'file' && size > 0
        ? () => createReadStream(archive.tarPath, { start: offset, end: offset + size - 1 })
        : undefined;
    draft.replace(placed, body ?? (entry.type === 'file' ? () => new Uint8Array() : undefined));
  }
}

async function readHead({ tree, node }: CopyItem, context: StepContext, length: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of Readable.from(asStream(tree.read(node, context.signal)))) {
    parts.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

async function* asStream(bytes: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}

/** Null when the packed file turns out to hold no tar: it is then copied as the file it is. */
async function openArchive(
  item: CopyItem,
  packing: Packing,
  context: StepContext,
): Promise<OpenArchive | null> {
  const folder = await mkdtemp(join(context.scratchFolder, `run.${processIdentity()}.archive-`));
  const tarPath = join(folder, 'archive.tar');
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const packed = asStream(item.tree.read(item.node, context.signal));
    await pipeline(unpackArchive(packed, packing, context.signal), createWriteStream(tarPath), {
      signal: context.signal,
    });
    if (packing !== 'tar' && !isTarHeader(await firstBlock(tarPath))) {
      await close();
      return null;
    }
    const index = await indexLayer(createReadStream(tarPath, { highWaterMark: 1 << 20 }), {
      signal: context.signal,
    });
    return { index, tarPath, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function firstBlock(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of createReadStream(path, { start: 0, end: 511 })) parts.push(chunk as Buffer);
  return Buffer.concat(parts);
}
