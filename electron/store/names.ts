import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '#shared/oci/digest.ts';
import { canonicalReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { readJsonIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { writeError } from '../platform/file-errors.ts';
import { JsonFolder } from '../platform/json-folder.ts';
import type { StorePaths } from './store-paths.ts';

/** What a name points at. `name` is the canonical reference. */
export interface NameRecord {
  readonly name: string;
  readonly digest: Digest;
  /** Of the index the registry served, where the name stood for several platforms. */
  readonly indexDigest?: Digest | undefined;
  readonly movedAt: number;
}

/** What a name is to point at. */
export type NameTarget = Pick<NameRecord, 'digest' | 'indexDigest'>;

/** The names of the store: one file a name, so that two processes never write the same file for two names. */
export class NameStore {
  readonly #paths: StorePaths;
  readonly #records: JsonFolder;

  constructor(paths: StorePaths) {
    this.#paths = paths;
    this.#records = new JsonFolder(paths.refs(), paths.summary('refs'));
  }

  /** What the reference points at, null when it is free. A missing tag means `latest`. */
  async resolve(reference: Reference): Promise<NameRecord | null> {
    return readRecord(this.#file(reference));
  }

  /** Points the reference at an image; returns what it pointed at before. */
  async set(reference: Reference, target: NameTarget): Promise<NameRecord | null> {
    const previous = await this.resolve(reference);
    const record: NameRecord = {
      name: canonicalReference(withDefaultTag(reference)),
      ...target,
      movedAt: Date.now(),
    };
    await writeFileAtomic(this.#file(reference), JSON.stringify(record));
    return previous;
  }

  /** Frees the name; returns what it pointed at, null when it was free. */
  async remove(reference: Reference): Promise<NameRecord | null> {
    const previous = await this.resolve(reference);
    const path = this.#file(reference);
    await rm(path, { force: true }).catch((error) => {
      throw writeError(error, path);
    });
    return previous;
  }

  /** All names, by name. */
  async list(): Promise<NameRecord[]> {
    const records = (await this.#records.list()).filter(isNameRecord);
    return records.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #file(reference: Reference): string {
    return nameFile(this.#paths, canonicalReference(withDefaultTag(reference)));
  }
}

/** Where the record of a name lies; `name` is the canonical reference. */
export function nameFile(paths: StorePaths, name: string): string {
  return join(paths.refs(), `${createHash('sha256').update(name).digest('hex')}.json`);
}

async function readRecord(path: string): Promise<NameRecord | null> {
  const value = await readJsonIfThere(path);
  return isNameRecord(value) ? value : null;
}

function isNameRecord(value: unknown): value is NameRecord {
  const { name, digest } = (value ?? {}) as Partial<NameRecord>;
  return typeof name === 'string' && typeof digest === 'string';
}

/** The reference a record is about. */
export function referenceOf(record: NameRecord): Reference {
  return parseReference(record.name);
}
