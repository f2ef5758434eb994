/** What a tar entry is, before whiteouts are told apart. */
export type TarType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo' | 'char' | 'block';

/** One entry of a tar with all its extensions applied, without its content. */
export interface TarHeader {
  /** As stored: may begin with `/` or `./` and end with `/`; see `cleanEntryPath`. */
  readonly path: string;
  readonly type: TarType;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content, holes of a sparse file included; 0 for all but files. */
  readonly size: number;
  /** Seconds since the epoch, with a fraction where PAX has one. */
  readonly mtime: number;
  /** A symlink's text or a hard link's path as stored; `''` for others. */
  readonly linkName: string;
  readonly devMajor: number;
  readonly devMinor: number;
  /** Extended attributes; values are bytes as latin1 text. */
  readonly xattrs: Readonly<Record<string, string>>;
  /** Where the entry begins in the tar, its PAX and GNU extension headers included. */
  readonly headerOffset: number;
  /** Where its stored content begins. */
  readonly bodyOffset: number;
  /** Stored without its holes: its bytes do not lie in one piece at `bodyOffset`. */
  readonly sparse: boolean;
}

/** Bounds against hostile archives; exceeding one is `malformed`. */
export interface TarLimits {
  /** Entries of the archive. */
  readonly maxEntries: number;
  /** Bytes of one PAX or GNU long name header. */
  readonly maxExtensionBytes: number;
  /** Bytes of one file. */
  readonly maxFileBytes: number;
  /** Bytes that the sparse files of the archive may have together, so that a small archive cannot expand forever. */
  readonly maxSparseBytes: number;
}

/** Bounds that no honest image reaches. */
export const DEFAULT_TAR_LIMITS: TarLimits = {
  maxEntries: 5_000_000,
  maxExtensionBytes: 1 << 20,
  maxFileBytes: 2 ** 43,
  maxSparseBytes: 2 ** 36,
};
