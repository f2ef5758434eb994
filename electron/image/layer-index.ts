import type { DiffId } from '#shared/oci/digest.ts';

/** What a tar entry is, after whiteouts have been told apart from files. */
export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'fifo'
  | 'char'
  | 'block'
  /** `.wh.name`: hides `path` of the layers below. */
  | 'whiteout'
  /** `.wh..wh..opq`: hides everything below `path` of the layers below. */
  | 'opaque';

/** One entry of a layer. `path` is clean: no leading slash or dot, no trailing slash, `''` is the root. */
export interface LayerEntry {
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for all but files. */
  readonly size: number;
  /** Seconds since the epoch, fractions kept where the tar has them. */
  readonly mtime: number;
  /** A symlink's text as stored, or the clean path within the layer stack that a hard link shares. */
  readonly linkTarget?: string | undefined;
  /** Where the content begins in the uncompressed tar. */
  readonly offset: number;
  /** sha256 of the content of a file, hex. */
  readonly contentHash?: string | undefined;
  /** Extended attributes; values are bytes as latin1 text. */
  readonly xattrs?: Readonly<Record<string, string>> | undefined;
  readonly devMajor?: number | undefined;
  readonly devMinor?: number | undefined;
  /** Stored without its holes: `offset` is where its header begins, and only the tar reader gives its bytes. */
  readonly sparse?: true | undefined;
}

/** Entries in the order of a layer's tar; an array is one. */
export interface LayerEntries extends Iterable<LayerEntry> {
  readonly length: number;
  /** The entry at a place, counted from 0. */
  at(place: number): LayerEntry | undefined;
}

/** What a layer holds, in the order of its tar. Made once while the bytes stream by. */
export interface LayerIndex {
  readonly diffId: DiffId;
  /** Bytes of the uncompressed tar. */
  readonly tarSize: number;
  /** Sum of the files' sizes. */
  readonly contentSize: number;
  readonly entries: LayerEntries;
  /**
   * Points at which decompression can start, rising, where the blob is a series of independent gzip
   * members; empty for a blob that must be read from its beginning.
   */
  readonly seekPoints: readonly SeekPoint[];
}

/** The gzip member that starts at `compressed` in the blob holds the tar's bytes from `uncompressed` on. */
export interface SeekPoint {
  readonly compressed: number;
  readonly uncompressed: number;
}
