import type { ContextEntryTable } from './context-entry-table.ts';

/** What stands in a build context at one path. */
export interface ContextEntry {
  /** Relative to the context, with `/`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of a file; 0 for everything else. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  /** How many names the file has: more than 1 means hard links. */
  readonly links: number;
  /** Where a symbolic link points, as written. */
  readonly linkTarget?: string | undefined;
}

/** The entries of a context that are not ignored. */
export interface ContextListing {
  /** Absolute path of the context. */
  readonly root: string;
  readonly entries: ContextEntryTable;
  readonly files: number;
  readonly bytes: number;
  /** Files and bytes that the ignore file left out; null unless they were measured. */
  readonly ignored: { readonly files: number; readonly bytes: number } | null;
}
