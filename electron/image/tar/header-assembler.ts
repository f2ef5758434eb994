import { applyExtensions, type ExtendedHeader } from './apply-extensions.ts';
import { decodeName } from './entry-name.ts';
import { finishHeader, hasNoBody } from './finish-header.ts';
import { BLOCK_SIZE, decodeHeader, malformed, TYPE_FLAG } from './header.ts';
import { decodePax, type PaxRecords } from './pax.ts';
import {
  checkSegments,
  decodeOldSparse,
  decodeOldSparseExtension,
  paxSparseMap,
  SparseMapReader,
  type SparseSegment,
} from './sparse.ts';
import type { TarHeader, TarLimits } from './tar-entry.ts';

/** An entry whose headers are all read. */
export interface AssembledEntry {
  readonly header: TarHeader;
  /** Bytes of body that follow in the archive, padding not counted. */
  readonly stored: number;
  /** Where the stored bytes belong; null for a file stored in one piece. */
  readonly segments: readonly SparseSegment[] | null;
}

const EXTENSION_FLAGS = new Set<number>([
  TYPE_FLAG.pax,
  TYPE_FLAG.paxSolaris,
  TYPE_FLAG.paxGlobal,
  TYPE_FLAG.gnuLongName,
  TYPE_FLAG.gnuLongLink,
  TYPE_FLAG.gnuVolume,
]);

/** PAX, long name and long link may each precede an entry; a few more than once is still honest. */
const MAX_EXTENSIONS = 16;

/** Puts one entry together from its header block, the extension headers before it and sparse maps after it. */
export class HeaderAssembler {
  /** Bytes of the next unit to give to {@link take}. */
  wanted = BLOCK_SIZE;
  /** The two empty blocks that end an archive have been seen. */
  ended = false;
  private expects: 'header' | 'extension' | 'old-sparse-map' | 'pax-sparse-map' = 'header';
  private zeroBlocks = 0;
  private start = -1;
  private extension = { flag: 0, size: 0 };
  private extensions = 0;
  private pax: PaxRecords = [];
  private longName: string | undefined;
  private longLink: string | undefined;
  private sparse: { header: ExtendedHeader; segments: SparseSegment[]; realSize: number } | null = null;
  private mapReader = new SparseMapReader();
  private stored = 0;

  constructor(private readonly limits: TarLimits) {}

  /** Whether the archive may stop here: no entry has been begun. */
  get isBetweenEntries(): boolean {
    return this.start < 0;
  }

  /**
   * Takes the unit of {@link wanted} bytes at `at` of `buffer`, which is at `offset` in the archive; the entry
   * once it is whole. Throws `malformed` and `unsupported`.
   */
  take(buffer: Buffer, at: number, offset: number): AssembledEntry | null {
    const end = offset + this.wanted;
    switch (this.expects) {
      case 'header':
        return this.takeHeader(buffer, at, offset);
      case 'extension':
        this.takeExtension(buffer.subarray(at, at + this.extension.size));
        return null;
      case 'old-sparse-map':
        return this.takeOldMap(buffer, at, end);
      case 'pax-sparse-map':
        return this.takePaxMap(buffer.subarray(at, at + BLOCK_SIZE), end);
    }
  }

  private takeHeader(buffer: Buffer, at: number, offset: number): AssembledEntry | null {
    const raw = decodeHeader(buffer, at);
    if (raw === null) {
      if (this.start >= 0) throw malformed('an extension header stands before no entry');
      this.zeroBlocks += 1;
      this.ended = this.zeroBlocks === 2;
      return null;
    }
    if (this.zeroBlocks > 0) throw malformed('an entry follows an empty block');
    if (this.start < 0) this.start = offset;
    if (EXTENSION_FLAGS.has(raw.typeFlag)) {
      this.beginExtension(raw.typeFlag, raw.size);
      return null;
    }
    const { pax, longName, longLink } = this;
    const header = applyExtensions(raw, { pax, longName, longLink });
    if (header.size < 0) throw malformed('a size is negative');
    if (raw.typeFlag === TYPE_FLAG.gnuSparse) {
      const { segments, more, realSize } = decodeOldSparse(buffer, at);
      this.sparse = { header, segments, realSize };
      this.stored = header.size;
      if (!more) return this.finishSparse(offset + BLOCK_SIZE);
      this.expects = 'old-sparse-map';
      return null;
    }
    return this.finishOrReadMap(header, offset + BLOCK_SIZE);
  }

  private beginExtension(flag: number, size: number): void {
    this.extensions += 1;
    if (size < 0 || size > this.limits.maxExtensionBytes) throw malformed('an extension header is too long');
    if (this.extensions > MAX_EXTENSIONS) throw malformed('an entry has too many extension headers');
    this.extension = { flag, size };
    this.wanted = Math.ceil(size / BLOCK_SIZE) * BLOCK_SIZE;
    this.expects = 'extension';
    if (size === 0) this.takeExtension(Buffer.alloc(0));
  }

  private takeExtension(bytes: Buffer): void {
    this.expects = 'header';
    this.wanted = BLOCK_SIZE;
    switch (this.extension.flag) {
      case TYPE_FLAG.gnuLongName:
        this.longName = untilNul(bytes);
        break;
      case TYPE_FLAG.gnuLongLink:
        this.longLink = untilNul(bytes);
        break;
      case TYPE_FLAG.pax:
      case TYPE_FLAG.paxSolaris:
        this.pax = [...this.pax, ...decodePax(bytes)];
        break;
      default:
        // Global headers and volume labels say nothing about an entry of an image.
        this.extensions -= 1;
        if (this.extensions === 0) this.start = -1;
    }
  }

  /** GNU's PAX sparse formats are ordinary headers with extra records. */
  private finishOrReadMap(header: ExtendedHeader, bodyOffset: number): AssembledEntry | null {
    const map = this.pax.length === 0 ? null : paxSparseMap(this.pax);
    if (!header.mapInBody && map === null) return this.finish(header, bodyOffset, header.size, null);
    if (header.realSize === undefined) throw malformed('a sparse file has no size');
    this.sparse = { header, segments: map ?? [], realSize: header.realSize };
    this.stored = header.size;
    if (!header.mapInBody) return this.finishSparse(bodyOffset);
    this.mapReader = new SparseMapReader();
    this.expects = 'pax-sparse-map';
    return null;
  }

  private takeOldMap(buffer: Buffer, at: number, bodyOffset: number): AssembledEntry | null {
    const { segments, more } = decodeOldSparseExtension(buffer, at);
    for (const segment of segments) this.sparse?.segments.push(segment);
    if (more && segments.length === 0) throw malformed('a sparse map is broken');
    return more ? null : this.finishSparse(bodyOffset);
  }

  private takePaxMap(block: Buffer, bodyOffset: number): AssembledEntry | null {
    this.stored -= BLOCK_SIZE;
    if (this.stored < 0) throw malformed('a sparse map is longer than its file');
    const segments = this.mapReader.push(block);
    if (segments === null || this.sparse === null) return null;
    this.sparse.segments = segments;
    return this.finishSparse(bodyOffset);
  }

  private finishSparse(bodyOffset: number): AssembledEntry {
    const sparse = this.sparse;
    if (sparse === null) throw malformed('a sparse map belongs to no file');
    this.sparse = null;
    this.expects = 'header';
    checkSegments(sparse.segments, this.stored, sparse.realSize);
    const header = { ...sparse.header, size: sparse.realSize };
    return this.finish(header, bodyOffset, this.stored, sparse.segments);
  }

  private finish(
    raw: ExtendedHeader,
    bodyOffset: number,
    stored: number,
    segments: readonly SparseSegment[] | null,
  ): AssembledEntry {
    const header = finishHeader(raw, this.start, bodyOffset, segments !== null);
    if (header.size > this.limits.maxFileBytes) throw malformed('a file is too large');
    this.start = -1;
    this.extensions = 0;
    this.pax = [];
    this.longName = undefined;
    this.longLink = undefined;
    return { header, stored: hasNoBody(raw.typeFlag) ? 0 : stored, segments };
  }
}

function untilNul(bytes: Buffer): string {
  const nul = bytes.indexOf(0);
  return decodeName(nul < 0 ? bytes : bytes.subarray(0, nul));
}
