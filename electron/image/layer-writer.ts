import { createHash, hash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { type DiffId, type Digest, parseDiffId, parseDigest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { abortable, cancelled } from './abortable.ts';
import { BlockPacker } from './block-packer.ts';
import { type ByteSink, GzipMembers, MEMBER_SIZE } from './gzip-members.ts';
import type { LayerEntry, LayerIndex, SeekPoint } from './layer-index.ts';
import { encodeEntryHeader, TAR_END, type TarEntryFields, tarPadding } from './tar/encode-entry.ts';
import { BLOCK_SIZE } from './tar/header.ts';
import { cleanEntryPath, parseWhiteout, whiteoutName } from './tar/safe-path.ts';

/**
 * An entry to be written. `contentHash` may be given where it is known for these very bytes already: it is not
 * computed again then. `mtime` is cut to whole seconds, as in every engine's layers. Of a whiteout only `type`
 * and `path` count.
 */
export type NewLayerEntry = Omit<LayerEntry, 'offset' | 'sparse'>;

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
  readonly signal?: AbortSignal | undefined;
}

/** A finished layer; its bytes are in the sink. */
export interface WrittenLayer {
  readonly digest: Digest;
  readonly diffId: DiffId;
  /** Bytes of the blob. */
  readonly size: number;
  readonly mediaType: string;
  readonly index: LayerIndex;
}

const EMPTY = new Uint8Array(0);
const PADDING = new Uint8Array(BLOCK_SIZE);
const EMPTY_HASH = hash('sha256', '', 'hex');

/**
 * Writes one layer: tar headers and contents in the order of `add`, packed into blocks of 1 MiB that are
 * hashed, compressed and written while the next is filled. The same entries give the same bytes. After an
 * error the writer may not be used again and what the sink got is to be thrown away.
 */
export class LayerWriter {
  private readonly entries: LayerEntry[] = [];
  private readonly tarHash = createHash('sha256');
  private readonly blobHash = createHash('sha256');
  private readonly packer: BlockPacker;
  private readonly members: GzipMembers | null;
  private tarSize = 0;
  private contentSize = 0;
  private blobSize = 0;

  constructor(
    private readonly sink: ByteSink,
    private readonly options: LayerWriterOptions,
  ) {
    this.packer = new BlockPacker(MEMBER_SIZE, (block) => this.writeBlock(block));
    const counted = { write: (chunk: Uint8Array) => this.writeMember(chunk) };
    this.members = options.compression === 'gzip' ? new GzipMembers(counted, options) : null;
  }

  /**
   * Adds an entry; one call at a time. Throws `conflict` when `body` is not `entry.size` bytes long,
   * `invalid-input` for an entry that no tar can hold, `unsafe-archive` for a path that leaves the root.
   */
  async add(entry: NewLayerEntry, body?: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    if (this.options.signal?.aborted === true) throw cancelled();
    checkPath(entry);
    const isWhiteout = entry.type === 'whiteout' || entry.type === 'opaque';
    const clean = isWhiteout ? whiteoutEntry(entry.type, entry.path) : entry;
    const mtime = Math.min(Math.floor(clean.mtime), this.options.newestTime ?? Number.POSITIVE_INFINITY);
    await this.write(encodeEntryHeader(tarFields(clean, mtime)));
    const offset = this.tarSize;
    const contentHash = clean.type === 'file' ? await this.writeBody(clean, body ?? EMPTY) : undefined;
    const padding = tarPadding(clean.size);
    if (padding > 0) await this.write(PADDING.subarray(0, padding));
    this.contentSize += clean.size;
    // Field by field: spreading is the slowest part of writing a small file.
    this.entries.push({
      path: clean.path,
      type: clean.type,
      mode: clean.mode,
      uid: clean.uid,
      gid: clean.gid,
      size: clean.size,
      mtime,
      linkTarget: clean.linkTarget,
      offset,
      contentHash,
      xattrs: clean.xattrs,
      devMajor: clean.devMajor,
      devMinor: clean.devMinor,
    });
  }

  /** Writes the end of the archive and whatever is still in the works. */
  async finish(): Promise<WrittenLayer> {
    await this.write(TAR_END);
    await this.packer.flush();
    const seekPoints: readonly SeekPoint[] = (await this.members?.finish()) ?? [];
    const diffId = parseDiffId(`sha256:${this.tarHash.digest('hex')}`);
    const digest = this.members === null ? diffId : `sha256:${this.blobHash.digest('hex')}`;
    const { tarSize, contentSize, entries } = this;
    return {
      digest: parseDigest(digest),
      diffId,
      size: this.members === null ? tarSize : this.blobSize,
      mediaType: this.members === null ? MEDIA_TYPE.ociLayer : MEDIA_TYPE.ociLayerGzip,
      index: { diffId, tarSize, contentSize, entries, seekPoints },
    };
  }

  private async writeBody(
    entry: NewLayerEntry,
    body: Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<string> {
    if (body instanceof Uint8Array) {
      if (body.length !== entry.size) throw sizeConflict(entry, body.length);
      if (body.length > MEMBER_SIZE) return this.writeChunks(entry, slices(body));
      await this.write(body);
      return entry.contentHash ?? hashBytes(body);
    }
    return this.writeChunks(entry, body);
  }

  private async writeChunks(entry: NewLayerEntry, body: AsyncIterable<Uint8Array>): Promise<string> {
    const digest = entry.contentHash === undefined ? createHash('sha256') : null;
    let length = 0;
    for await (const chunk of abortable(body, this.options.signal)) {
      length += chunk.length;
      if (length > entry.size) throw sizeConflict(entry, length);
      digest?.update(chunk);
      await this.write(chunk);
    }
    if (length !== entry.size) throw sizeConflict(entry, length);
    return entry.contentHash ?? digest?.digest('hex') ?? EMPTY_HASH;
  }

  private write(bytes: Uint8Array): Promise<void> | undefined {
    this.tarSize += bytes.length;
    return this.packer.add(bytes);
  }

  private async writeBlock(block: Buffer): Promise<void> {
    this.tarHash.update(block);
    await this.options.tarSink?.write(block);
    return this.members === null ? this.sink.write(block) : this.members.writeBlock(block);
  }

  private writeMember(member: Uint8Array): Promise<void> {
    this.blobHash.update(member);
    this.blobSize += member.length;
    return this.sink.write(member);
  }
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

function sizeConflict(entry: NewLayerEntry, length: number): AppError {
  const found = length > entry.size ? 'more' : `${length}`;
  return new AppError(
    'conflict',
    `${entry.path} was to be ${entry.size} bytes long, but ${found} came: it changed while it was read.`,
    { hint: 'Try again when nothing writes to it.', detail: { kind: 'path', path: entry.path } },
  );
}
