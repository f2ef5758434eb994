import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { isMissing } from '../../platform/file-errors.ts';
import { createSlice } from '../../platform/yield.ts';
import type { ContextEntry, ContextListing } from './context-entry.ts';
import { ContextEntryTable } from './context-entry-table.ts';
import { contextReadError } from './context-error.ts';
import type { IgnoreMatcher } from './ignore.ts';
import { linkReaderOf, toPosix } from './resolve-in-root.ts';
import { type WantedPaths, wantedPaths } from './wanted-paths.ts';

export interface ScanOptions {
  /** Default: nothing is ignored. */
  readonly matcher?: IgnoreMatcher | undefined;
  /** Sources of COPY and ADD, wildcards allowed: only they are looked at. Default: the whole context. */
  readonly roots?: readonly string[] | undefined;
  /** Count what is ignored too, which costs a look at every such file. Default false. */
  readonly measureIgnored?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lists a build context with one `lstat` for each entry that is not ignored, in slices of a few milliseconds, since
 * the synchronous calls are ten times faster than the others. Links are listed, never followed. Throws `permission`
 * and `not-found`.
 */
export async function scanContext(root: string, options: ScanOptions = {}): Promise<ContextListing> {
  const scan = new ContextScan(root, options);
  const slice = createSlice();
  for (let count = 1; scan.step(); count += 1) {
    if (count % 32 !== 0 || !slice.due()) continue;
    await slice.pause();
    options.signal?.throwIfAborted();
  }
  return scan.listing();
}

/** A folder that is being walked. */
interface Frame {
  readonly path: string;
  readonly names: readonly string[];
  next: number;
  readonly wanted: WantedPaths | null;
  /** The entry of an ignored folder, listed only once something in it is. */
  pending: ContextEntry | null;
  /** Everything below is ignored and only counted. */
  readonly countOnly: boolean;
}

class ContextScan {
  readonly #root: string;
  readonly #matcher: IgnoreMatcher | undefined;
  readonly #measure: boolean;
  readonly #stack: Frame[] = [];
  readonly #entries = new ContextEntryTable();
  #files = 0;
  #bytes = 0;
  #ignoredFiles = 0;
  #ignoredBytes = 0;

  constructor(root: string, options: ScanOptions) {
    this.#root = root;
    this.#matcher = options.matcher;
    this.#measure = options.measureIgnored ?? false;
    const wanted = options.roots === undefined ? null : wantedPaths(options.roots, linkReaderOf(root));
    this.#enter('', wanted?.all === true ? null : wanted, null, false);
  }

  /** Looks at one more entry; false when there is none. */
  step(): boolean {
    const frame = this.#stack.at(-1);
    if (frame === undefined) return false;
    const name = frame.names[frame.next];
    frame.next += 1;
    if (name === undefined) this.#stack.pop();
    else this.#visit(frame, name);
    return true;
  }

  listing(): ContextListing {
    const ignored = this.#measure ? { files: this.#ignoredFiles, bytes: this.#ignoredBytes } : null;
    return { root: this.#root, entries: this.#entries, files: this.#files, bytes: this.#bytes, ignored };
  }

  #visit(frame: Frame, name: string): void {
    const path = frame.path === '' ? name : `${frame.path}/${name}`;
    const isIgnored = frame.countOnly || this.#matcher?.ignores(path) === true;
    const mayReturn = isIgnored && !frame.countOnly && this.#matcher?.mayContainReincluded(path) === true;
    if (isIgnored && !mayReturn && !this.#measure) return;
    const stats = this.#stat(path);
    if (stats === null) return;
    const wanted = wantedBelow(frame.wanted, name);
    if (isIgnored) {
      if (!stats.isDirectory()) this.#countIgnored(stats);
      else this.#enter(path, wanted, mayReturn ? this.#entry(path, stats) : null, !mayReturn);
      return;
    }
    this.#list(this.#entry(path, stats));
    if (stats.isDirectory()) this.#enter(path, wanted, null, false);
  }

  #enter(path: string, wanted: WantedPaths | null, pending: ContextEntry | null, countOnly: boolean): void {
    const names = wanted === null ? this.#readNames(path) : [...wanted.names.keys()];
    this.#stack.push({ path, names: names.sort(), next: 0, wanted, pending, countOnly });
  }

  #readNames(path: string): string[] {
    const absolute = this.#absolute(path);
    try {
      return readdirSync(absolute);
    } catch (error) {
      if (path !== '' && isMissing(error)) return [];
      throw contextReadError(error, absolute);
    }
  }

  #list(entry: ContextEntry): void {
    for (const frame of this.#stack) {
      if (frame.pending === null) continue;
      this.#entries.add(frame.pending);
      frame.pending = null;
    }
    this.#entries.add(entry);
    if (entry.type === 'directory') return;
    this.#files += 1;
    this.#bytes += entry.size;
  }

  #countIgnored(stats: Stats): void {
    this.#ignoredFiles += 1;
    this.#ignoredBytes += stats.isFile() ? stats.size : 0;
  }

  /** Null when the entry has gone since its folder was read. */
  #stat(path: string): Stats | null {
    const absolute = this.#absolute(path);
    try {
      const stats = lstatSync(absolute, { throwIfNoEntry: false });
      if (stats === undefined && path.includes('\ufffd')) throw notUtf8(absolute);
      return stats ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw contextReadError(error, absolute);
    }
  }

  #entry(path: string, stats: Stats): ContextEntry {
    const type = typeOf(stats);
    return {
      path,
      type,
      // Windows has no permission bits: everything can be executed, as with the docker CLI there.
      mode: process.platform === 'win32' ? 0o755 : stats.mode & 0o7777,
      size: type === 'file' ? stats.size : 0,
      mtimeMs: stats.mtimeMs,
      ctimeMs: stats.ctimeMs,
      ino: stats.ino,
      links: stats.nlink,
      linkTarget: type === 'symlink' ? this.#readLink(path) : undefined,
    };
  }

  #readLink(path: string): string {
    const absolute = this.#absolute(path);
    try {
      return toPosix(readlinkSync(absolute));
    } catch (error) {
      throw contextReadError(error, absolute);
    }
  }

  #absolute(path: string): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }
}

/** Null means everything. */
function wantedBelow(wanted: WantedPaths | null, name: string): WantedPaths | null {
  const below = wanted?.names.get(name) ?? null;
  return below?.all === true ? null : below;
}

function typeOf(stats: Stats): ContextEntry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

function notUtf8(path: string): AppError {
  return new AppError('unsupported', `The name of ${path} is not UTF-8.`, {
    hint: 'Rename it, or name it in .dockerignore if the build does not need it.',
    detail: { kind: 'path', path },
  });
}
