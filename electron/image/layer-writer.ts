import { createHash, hash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { type DiffId, parseDiffId } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { abortable, cancelled } from './abortable.ts';
import { BlockPacker } from './block-packer.ts';
import { EntryGroup, LARGE_FILE } from './entry-group.ts';
import {
  type ByteSink,
  compressMember,
  decompressMember,
  gzipLevel,
  MEMBER_SIZE,
  MEMBERS_AT_ONCE,
} from './gzip-members.ts';
import { InOrder } from './in-order.ts';
import type { KnownBlocks, WrittenBlock } from './known-blocks.ts';
import { LayerEntryTable } from './layer-entry-table.ts';
import type { LayerEntry, LayerIndex, SeekPoint } from './layer-index.ts';
import { encodeEntryHeader, TAR_END, type TarEntryFields, tarPadding } from './tar/encode-entry.ts';
import { BLOCK_SIZE } from './tar/header.ts';
import { cleanEntryPath, parseWhiteout, whiteoutName } from './tar/safe-path.ts';

/**
 * An entry to be written. `contentHash` may be given where it is known: the content is not read then if an earlier
 * layer has the same block. `mtime` is cut to whole seconds, as in every engine's layers. Of a whiteout only `type`
 * and `path` count.
 */
export type NewLayerEntry = Omit<LayerEntry, 'offset' | 'sparse'>;

/** The content of a file; a function is called when, and only if, the content is read. */
export type EntryBody = EntryContent | (() => EntryContent);
type EntryContent = Uint8Array | AsyncIterable<Uint8Array>;

/** A whiteout of `path`, or the mark that directory `path` hides what lower layers hold in it. */
export function whiteoutEntry(type: 'whiteout' | 'opaque', path: string): NewLayerEntry {
  return { path, type, mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
}

export interface LayerWriterOptions {
  readonly compression: 'gzip' | 'none';
  /** 1 to 9, for gzip. */
  readonly level?: number | undefined;
  /** No entry gets a later time than this, in seconds since the epoch. */
  readonly newestTime?: number | undefined;
  /** Gets the tar beside, before it is compressed; the writer waits for it. */
  readonly tarSink?: ByteSink | undefined;
  /** Blocks of earlier layers, taken over with gzip where they are those of this layer. */
  readonly known?: KnownBlocks | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A finished layer; its bytes are in the sink, which can tell their digest. */
export interface WrittenLayer {
  readonly diffId: DiffId;
  /** Bytes of the blob. */
  readonly size: number;
  readonly mediaType: string;
  readonly index: LayerIndex;
  /** Where each block lies in the blob, for later layers; empty without `known`. */
  readonly blocks: readonly WrittenBlock[];
}

/** A block of the tar and what of it goes into the blob. */
interface Piece {
  readonly block: Buffer;
  readonly member: Buffer;
  /** Null where it is not to be found again. */
  readonly name: { key: string | null };
}

/** A file whose content is on its way. */
interface WrittenFile extends NamedSize {
  /** Where its entry stands. */
  readonly place: number;
  /** Undefined until it is known. */
  contentHash: string | undefined;
}

type NamedSize = Pick<LayerEntry, 'path' | 'size'>;

const EMPTY = new Uint8Array(0);
const PADDING = new Uint8Array(BLOCK_SIZE);
const EMPTY_HASH = hash('sha256', '', 'hex');

/**
 * Writes one layer: tar headers and contents in the order of `add`, put together into blocks of up to 1 MiB that are
 * compressed beside each other. The same entries give the same bytes, whether a block was made or taken over. After an
 * error the writer may not be used again and what the sink got is to be thrown away.
 */
export class LayerWriter {
  private readonly entries = new LayerEntryTable();
  private readonly tarHash = createHash('sha256');
  private readonly line = new InOrder<Piece>(MEMBERS_AT_ONCE, (piece) => this.writePiece(piece));
  private readonly seekPoints: SeekPoint[] = [];
  private readonly blocks: (Omit<WrittenBlock, 'key'> & Pick<Piece, 'name'>)[] = [];
  private readonly level: number;
  private readonly scope: string;
  private group = new EntryGroup();
  private tarSize = 0;
  private writtenTar = 0;
  private contentSize = 0;
  private blobSize = 0;

  constructor(
    private readonly sink: ByteSink,
    private readonly options: LayerWriterOptions,
  ) {
    this.level = gzipLevel(options);
    this.scope = `block 2 zlib ${process.versions.zlib} level ${this.level}\n`;
  }

  /**
   * Adds an entry; one call at a time. Throws `conflict` when `body` is not `entry.size` bytes long,
   * `invalid-input` for an entry that no tar can hold, `unsafe-archive` for a path that leaves the root.
   */
  async add(entry: NewLayerEntry, body?: EntryBody): Promise<void> {
    if (this.options.signal?.aborted === true) throw cancelled();
    checkPath(entry);
    const isWhiteout = entry.type === 'whiteout' || entry.type === 'opaque';
    const clean = isWhiteout ? whiteoutEntry(entry.type, entry.path) : entry;
    const mtime = Math.min(Math.floor(clean.mtime), this.options.newestTime ?? Number.POSITIVE_INFINITY);
    const header = encodeEntryHeader(tarFields(clean, mtime));
    const { type, size } = clean;
    const bytes = size + tarPadding(size);
    const isLarge = size > LARGE_FILE;
    if (this.group.endsBefore(clean.path, header.length + (isLarge ? 0 : bytes))) await this.endGroup();
    // Field by field: spreading is the slowest part of writing a small file.
    const place = this.entries.add({
      path: clean.path,
      type,
      mode: clean.mode,
      uid: clean.uid,
      gid: clean.gid,
      size,
      mtime,
      linkTarget: clean.linkTarget,
      offset: this.tarSize + header.length,
      contentHash: undefined,
      xattrs: clean.xattrs,
      devMajor: clean.devMajor,
      devMinor: clean.devMinor,
    });
    const file: WrittenFile = { path: clean.path, size, place, contentHash: undefined };
    this.tarSize += header.length + bytes;
    this.contentSize += size;
    if (type !== 'file') this.group.add(header, null);
    else if (isLarge) {
      this.group.add(header, null);
      await this.endGroup();
      await this.writeLarge(file, clean.contentHash, body ?? EMPTY);
    } else await this.addBody(header, file, clean.contentHash, body ?? EMPTY);
  }

  /** Writes the end of the archive and whatever is still in the works. */
  async finish(): Promise<WrittenLayer> {
    this.group.close(TAR_END);
    this.tarSize += TAR_END.length;
    await this.endGroup();
    await this.line.finish();
    const diffId = parseDiffId(`sha256:${this.tarHash.digest('hex')}`);
    const isGzip = this.options.compression === 'gzip';
    const { tarSize, contentSize, entries, seekPoints } = this;
    return {
      diffId,
      size: this.blobSize,
      mediaType: isGzip ? MEDIA_TYPE.ociLayerGzip : MEDIA_TYPE.ociLayer,
      index: { diffId, tarSize, contentSize, entries, seekPoints },
      blocks: this.blocks.flatMap(({ name, ...place }) =>
        name.key === null ? [] : [{ key: name.key, ...place }],
      ),
    };
  }

  /** Puts a small file into the group; its content is read later, or never, where its digest is known. */
  private async addBody(
    header: Uint8Array,
    file: WrittenFile,
    known: string | undefined,
    body: EntryBody,
  ): Promise<void> {
    const note = (content: Uint8Array) => {
      if (content.length !== file.size) throw sizeConflict(file, content.length);
      this.noteHash(file, hashBytes(content));
      return content;
    };
    const read = () => {
      const content = open(body);
      if (content instanceof Uint8Array) return note(content);
      return gather(abortable(content, this.options.signal), file).then(note);
    };
    if (known !== undefined && this.options.known !== undefined) {
      this.noteHash(file, known);
      this.group.add(header, { entry: file, read });
      return;
    }
    const content = read();
    const bytes = content instanceof Uint8Array ? content : await content;
    this.group.add(header, { entry: file, read: () => bytes });
  }

  private noteHash(file: WrittenFile, contentHash: string): void {
    file.contentHash = contentHash;
    this.entries.setHash(file.place, contentHash);
  }

  private async endGroup(): Promise<void> {
    const { group } = this;
    if (group.bytes === 0) return;
    this.group = new EntryGroup();
    await this.line.add(this.makePiece(group));
  }

  /** The block of a group: an earlier layer's, or a new one. */
  private async makePiece(group: EntryGroup): Promise<Piece> {
    const key = this.options.known === undefined ? null : group.key(this.scope);
    const known = await this.takeOver(key, group.bytes);
    if (known !== null && group.matches(known.block)) return known;
    const block = await group.read();
    return this.compress(block, { key: key === null ? null : group.key(this.scope) });
  }

  /** A block of so many bytes that is known by this key. */
  private async takeOver(key: string | null, size: number): Promise<Piece | null> {
    if (key === null || this.options.compression === 'none') return null;
    const member = (await this.options.known?.find(key)) ?? null;
    const block = member === null ? null : await decompressMember(member, size);
    return member === null || block === null ? null : { block, member, name: { key } };
  }

  private async compress(block: Buffer, name: Piece['name']): Promise<Piece> {
    const member = this.options.compression === 'none' ? block : await compressMember(block, this.level);
    return { block, member, name };
  }

  /** Writes a large file in blocks of its own. */
  private async writeLarge(file: WrittenFile, known: string | undefined, body: EntryBody): Promise<void> {
    const taken = known === undefined ? 0 : await this.takeOverLarge(file.size, known);
    const names: Piece['name'][] = [];
    const packer = new BlockPacker(MEMBER_SIZE, async (block) => {
      const name = { key: null };
      names.push(name);
      if (names.length > taken) await this.line.add(this.compress(block, name));
    });
    if (known !== undefined && taken === blockCount(file.size)) {
      this.noteHash(file, known);
      return;
    }
    const digest = createHash('sha256');
    let length = 0;
    const content = open(body);
    const chunks = content instanceof Uint8Array ? slices(content) : content;
    for await (const chunk of abortable(chunks, this.options.signal)) {
      length += chunk.length;
      if (length > file.size) throw sizeConflict(file, length);
      digest.update(chunk);
      await packer.add(chunk);
    }
    if (length !== file.size) throw sizeConflict(file, length);
    await packer.add(PADDING.subarray(0, tarPadding(length)));
    await packer.flush();
    const contentHash = digest.digest('hex');
    if (taken > 0 && contentHash !== known) throw contentConflict(file);
    this.noteHash(file, contentHash);
    if (this.options.known === undefined) return;
    for (const [at, name] of names.entries()) name.key = this.largeKey(contentHash, at);
  }

  /** Takes over the blocks of a large file from its beginning on; returns how many were known. */
  private async takeOverLarge(size: number, contentHash: string): Promise<number> {
    const all = size + tarPadding(size);
    for (let at = 0; at < blockCount(size); at += 1) {
      const bytes = Math.min(MEMBER_SIZE, all - at * MEMBER_SIZE);
      const piece = await this.takeOver(this.largeKey(contentHash, at), bytes);
      if (piece === null) return at;
      await this.line.add(Promise.resolve(piece));
    }
    return blockCount(size);
  }

  private largeKey(contentHash: string, at: number): string {
    return hash('sha256', `${this.scope}${contentHash} ${at}`, 'hex').slice(0, 32);
  }

  private async writePiece({ block, member, name }: Piece): Promise<void> {
    if (this.options.signal?.aborted === true) throw cancelled();
    this.tarHash.update(block);
    await this.options.tarSink?.write(block);
    if (this.options.compression === 'gzip') {
      this.seekPoints.push({ compressed: this.blobSize, uncompressed: this.writtenTar });
      if (this.options.known !== undefined)
        this.blocks.push({ name, start: this.blobSize, end: this.blobSize + member.length });
    }
    this.writtenTar += block.length;
    this.blobSize += member.length;
    await this.sink.write(member);
  }
}

function blockCount(size: number): number {
  return Math.ceil(size / MEMBER_SIZE);
}

function open(body: EntryBody): EntryContent {
  return typeof body === 'function' ? body() : body;
}

/** Small content that comes in chunks as one. */
async function gather(chunks: AsyncIterable<Uint8Array>, entry: NamedSize): Promise<Uint8Array> {
  const all = Buffer.allocUnsafe(entry.size);
  let length = 0;
  for await (const chunk of chunks) {
    if (length + chunk.length > entry.size) throw sizeConflict(entry, length + chunk.length);
    all.set(chunk, length);
    length += chunk.length;
  }
  return all.subarray(0, length);
}

/** Large content in pieces, so that hashing it does not hold up everything else. */
async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += MEMBER_SIZE) yield bytes.subarray(at, at + MEMBER_SIZE);
}

function hashBytes(bytes: Uint8Array): string {
  return bytes.length === 0 ? EMPTY_HASH : hash('sha256', bytes, 'hex');
}

function checkPath({ path, type }: NewLayerEntry): void {
  if (cleanEntryPath(path) !== path)
    throw new AppError('invalid-input', `The path ${JSON.stringify(path)} is not clean.`);
  if (type !== 'whiteout' && type !== 'opaque' && parseWhiteout(path) !== null)
    throw new AppError(
      'invalid-input',
      `${JSON.stringify(path)} cannot be in a layer: names that begin with .wh. mark removed files.`,
      { hint: 'Rename the file or leave it out.', detail: { kind: 'path', path } },
    );
}

function tarFields(entry: NewLayerEntry, mtime: number): TarEntryFields {
  const { type, path } = entry;
  const isWhiteout = type === 'whiteout' || type === 'opaque';
  return {
    path: isWhiteout ? whiteoutName(type, path) : path,
    type: isWhiteout ? 'file' : type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime,
    linkName: entry.linkTarget,
    devMajor: entry.devMajor,
    devMinor: entry.devMinor,
    xattrs: entry.xattrs,
  };
}

function sizeConflict(entry: NamedSize, length: number): AppError {
  const found = length > entry.size ? 'more' : `${length}`;
  return conflict(entry, `was to be ${entry.size} bytes long, but ${found} came: it`);
}

function contentConflict(entry: NamedSize): AppError {
  return conflict(entry, 'has another content than it had when the build began: it');
}

function conflict(entry: NamedSize, what: string): AppError {
  return new AppError('conflict', `${entry.path} ${what} changed while it was read.`, {
    hint: 'Try again when nothing writes to it.',
    detail: { kind: 'path', path: entry.path },
  });
}
