import type { Readable } from 'node:stream';

/** The files of an archive, wherever they lie: in a folder, in a tar, in a compressed tar. Paths are clean and relative. */
export interface ArchiveFiles {
  /** Bytes of a file, null where there is none. */
  size(path: string): Promise<number | null>;
  /** A whole small file. Throws `malformed` when it is missing or larger than a document may be. */
  document(path: string, signal?: AbortSignal): Promise<Buffer>;
  /** Bytes of a file from `start` to before `end`. */
  read(path: string, start: number, end: number, signal?: AbortSignal): Readable;
}
