import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TagMove } from '#shared/contract/tags.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { readFileIfThere } from '../platform/atomic-file.ts';
import { isMissing, writeError } from '../platform/file-errors.ts';
import { makeFolders } from '../platform/make-folders.ts';
import { watchFile } from '../platform/watch-file.ts';
import { createSlice } from '../platform/yield.ts';
import { namesIn } from './leases.ts';
import type { StorePaths } from './store-paths.ts';

/** A move of a tag as the journal keeps it: as the contract's, with the canonical reference as its name. */
export interface JournalEntry extends TagMove {
  /** Of a name that stood for several platforms: its image for this machine; `from` is the index then. */
  readonly fromImage?: string | undefined;
  /** As older entries have it: the index, of which `from` is the image for this machine. */
  readonly fromIndex?: string | undefined;
}
/** A move that is to be written down. */
export type NewJournalEntry = Omit<JournalEntry, 'id' | 'time' | 'user'>;
/** With what tags are moved, as which user of the machine. */
export type JournalAuthor = Pick<TagMove, 'via' | 'user'>;

export interface JournalLimits {
  /** A file that has grown beyond this many bytes is set aside, and another one begun. */
  readonly fileBytes: number;
  /** Files set aside are removed, oldest first, while the newer ones alone hold so many bytes. */
  readonly keptBytes: number;
}

const LIMITS: JournalLimits = { fileBytes: 1024 * 1024, keptBytes: 4 * 1024 * 1024 };
const CURRENT = 'tags.jsonl';
const SET_ASIDE = /^tags-(\d{15})-[0-9a-f]+\.jsonl$/;

/**
 * Every move of a tag, one JSON object a line. Any number of processes append at once, each line in one write; a line
 * that a killed process left half is skipped. Files are only set aside under a name of their own, never written over,
 * so two processes that do so at once lose nothing.
 */
export class TagJournal {
  readonly #folder: string;
  readonly #limits: JournalLimits;
  readonly #author: JournalAuthor;

  constructor(
    paths: Pick<StorePaths, 'journal'>,
    limits: JournalLimits = LIMITS,
    author: JournalAuthor = {},
  ) {
    this.#folder = paths.journal();
    this.#limits = limits;
    this.#author = author;
  }

  /** Writes down a move; null where nothing moved. Throws `disk-full`, `read-only` or `permission`. */
  async append(move: NewJournalEntry): Promise<JournalEntry | null> {
    if (move.from === move.to) return null;
    const entry: JournalEntry = {
      id: randomBytes(6).toString('hex'),
      time: Date.now(),
      ...this.#author,
      ...move,
    };
    const path = join(this.#folder, CURRENT);
    try {
      await makeFolders(this.#folder);
      const file = await open(path, 'a', 0o600);
      try {
        // The line break before it keeps it apart from a line that was cut off.
        await file.appendFile(`\n${JSON.stringify(entry)}\n`);
        await file.datasync();
        if ((await file.stat()).size > this.#limits.fileBytes) await this.#setAside(path);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw writeError(error, path);
    }
    return entry;
  }

  /** The moves, newest first; only those of the canonical reference `name`, and not before `since` where they are given. */
  async list(
    options: {
      readonly name?: string | undefined;
      readonly since?: number | undefined;
      readonly offset?: number | undefined;
      readonly limit?: number;
    } = {},
  ): Promise<JournalEntry[]> {
    const entries = new Map<string, JournalEntry>();
    for (const file of await this.#files())
      for (const entry of await readEntries(join(this.#folder, file))) entries.set(entry.id, entry);
    const { name, since = 0, offset = 0, limit = Number.POSITIVE_INFINITY } = options;
    return [...entries.values()]
      .filter((entry) => (name === undefined || entry.name === name) && entry.time >= since)
      .reverse()
      .sort((a, b) => b.time - a.time)
      .slice(offset, offset + limit);
  }

  /** Tells when any process wrote a move down; the answer ends it. Throws as {@link append}. */
  async watch(onMove: () => void): Promise<() => void> {
    try {
      await makeFolders(this.#folder);
      return watchFile(join(this.#folder, CURRENT), onMove);
    } catch (error) {
      throw writeError(error, this.#folder);
    }
  }

  /** The move with this id. Throws `not-found`. */
  async get(id: string): Promise<JournalEntry> {
    const entry = (await this.list()).find((one) => one.id === id);
    if (entry !== undefined) return entry;
    throw new AppError('not-found', `The journal holds no move with the id ${id}.`, {
      hint: 'See the moves with "strata tags". Old ones are forgotten in time.',
    });
  }

  /** Oldest first. */
  async #files(): Promise<string[]> {
    const names = await namesIn(this.#folder);
    const aside = names.filter((name) => SET_ASIDE.test(name)).sort();
    // Read last: what is set aside meanwhile is then read twice rather than not at all.
    return [...aside, CURRENT];
  }

  async #setAside(path: string): Promise<void> {
    const time = String(Date.now()).padStart(15, '0');
    const aside = join(this.#folder, `tags-${time}-${randomBytes(3).toString('hex')}.jsonl`);
    await rename(path, aside).catch(nothingIfMissing);
    let newer = 0;
    for (const name of (await namesIn(this.#folder))
      .filter((each) => SET_ASIDE.test(each))
      .sort()
      .reverse()) {
      const file = join(this.#folder, name);
      if (newer >= this.#limits.keptBytes) await rm(file, { force: true });
      else newer += (await stat(file).catch(nothingIfMissing))?.size ?? 0;
    }
  }
}

function nothingIfMissing(error: unknown): undefined {
  // Another process was quicker.
  if (isMissing(error)) return undefined;
  throw error;
}

async function readEntries(path: string): Promise<JournalEntry[]> {
  const text = (await readFileIfThere(path))?.toString('utf8') ?? '';
  const entries: JournalEntry[] = [];
  const slice = createSlice();
  for (const line of text.split('\n')) {
    const entry = readEntry(line);
    if (entry !== null) entries.push(entry);
    if (slice.due()) await slice.pause();
  }
  return entries;
}

function readEntry(line: string): JournalEntry | null {
  if (line === '') return null;
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry>;
    const isWhole =
      [entry.id, entry.name, entry.by].every((text) => typeof text === 'string') &&
      [entry.host, entry.from, entry.to].every((text) => text === null || typeof text === 'string') &&
      typeof entry.time === 'number';
    return isWhole ? withKnownAuthor(entry as JournalEntry) : null;
  } catch {
    return null;
  }
}

/** What another version of Strata wrote of itself may be something else: it is left out then. */
function withKnownAuthor({ via, user, ...entry }: JournalEntry): JournalEntry {
  return {
    ...entry,
    ...(via === 'app' || via === 'cli' ? { via } : {}),
    ...(typeof user === 'string' ? { user } : {}),
  };
}
