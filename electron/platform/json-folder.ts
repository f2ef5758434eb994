import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { readFileIfThere, writeFileAtomic } from './atomic-file.ts';
import { isMissing } from './file-errors.ts';
import { createSlice } from './yield.ts';

/** The kernel stamps files with a clock that may lag by a tick: what is younger may still change within it. */
const SETTLED_MS = 50;
/** So many documents that had to be read from their files make a new summary worth writing. */
const WORTH_A_SUMMARY = 200;

interface Known {
  /** Of the file that the document was read from: a file that is replaced has another. */
  readonly stamp: string;
  readonly document: unknown;
}

interface State {
  readonly files: ReadonlyMap<string, Known>;
  /** Modification time of the folder when its files were read; null where it was too young to be trusted. */
  readonly folderMs: number | null;
}

const NOTHING: State = { files: new Map(), folderMs: null };

/**
 * A folder of JSON documents (`*.json`) of which each file is only ever replaced or removed as a whole. A document is
 * parsed once; a folder that did not change is not looked through again. A summary beside it, one line a document,
 * spares a new process the thousands of small files; it can always be made again.
 */
export class JsonFolder {
  readonly #folder: string;
  readonly #summary: string;
  #state: State | null = null;

  constructor(folder: string, summary: string) {
    this.#folder = folder;
    this.#summary = summary;
  }

  /** The documents, in no order; what is no JSON is left out. Others get their turn meanwhile. */
  async list(): Promise<unknown[]> {
    const folder = statOf(this.#folder);
    if (folder === null) return [];
    const old = this.#state ?? (await this.#readSummary());
    if (old.folderMs !== folder.mtimeMs) this.#state = await this.#readChanged(old, folder);
    else this.#state = old;
    return [...this.#state.files.values()].flatMap(({ document }) => (document === null ? [] : [document]));
  }

  async #readChanged(old: State, { mtimeMs }: Stats): Promise<State> {
    const folderMs = Date.now() - mtimeMs > SETTLED_MS ? mtimeMs : null;
    const files = new Map<string, Known>();
    const slice = createSlice();
    let read = 0;
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith('.json') || name.startsWith('.')) continue;
      const path = join(this.#folder, name);
      const stamp = stampOf(path);
      const known = old.files.get(name);
      if (stamp !== null && known?.stamp === stamp) files.set(name, known);
      else if (stamp !== null) {
        files.set(name, { stamp, document: readDocument(path) });
        read += 1;
      }
      if (slice.due()) await slice.pause();
    }
    const state = { files, folderMs };
    if (read >= WORTH_A_SUMMARY) await this.#writeSummary(state);
    return state;
  }

  async #readSummary(): Promise<State> {
    const bytes = await readFileIfThere(this.#summary);
    if (bytes === null) return NOTHING;
    const files = new Map<string, Known>();
    const slice = createSlice();
    try {
      const head = JSON.parse(lineAt(bytes, 0)) as { folderMs: number | null };
      for (let at = lineEnd(bytes, 0) + 1; at < bytes.length; at = lineEnd(bytes, at) + 1) {
        const [name, stamp, document] = JSON.parse(lineAt(bytes, at)) as [string, string, unknown];
        files.set(name, { stamp, document });
        if (slice.due()) await slice.pause();
      }
      return { files, folderMs: head.folderMs };
    } catch {
      // It was cut off or changed by somebody; the files themselves say it all.
      return NOTHING;
    }
  }

  /** A summary that cannot be written is only missed by the next process. */
  async #writeSummary({ files, folderMs }: State): Promise<void> {
    const lines = [Buffer.from(`${JSON.stringify({ folderMs })}\n`)];
    const slice = createSlice();
    for (const [name, { stamp, document }] of files) {
      lines.push(Buffer.from(`${JSON.stringify([name, stamp, document])}\n`));
      if (slice.due()) await slice.pause();
    }
    await writeFileAtomic(this.#summary, Buffer.concat(lines), { sync: false }).catch(() => undefined);
  }
}

function lineEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(10, at);
  return end === -1 ? bytes.length : end;
}

function lineAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at, lineEnd(bytes, at));
}

function stampOf(path: string): string | null {
  const found = statOf(path);
  return found === null ? null : `${found.ino}-${found.mtimeMs}-${found.size}`;
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

/** Null for what is no JSON, and for what went away meanwhile. */
function readDocument(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
