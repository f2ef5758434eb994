import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import { touchAtOnce } from '../../platform/touch.ts';
import type { LayerRecord } from '../../store/image-records.ts';

/** The result of a step, found again by its cache key. */
export interface StepRecord {
  readonly key: string;
  /** Null for a step that changes no file. */
  readonly layer: LayerRecord | null;
  /** When it was built, ms since the epoch: the image's history says so, also when it came from the cache. */
  readonly builtAt: number;
  /** How long it took then: what a hit saves. */
  readonly ms: number;
  /** The machine it was built on, where that was another one; a shared cache says so. */
  readonly by?: string | undefined;
}

/** Step results in files named by their key. Whether a layer's blob is still there is for the caller to ask. */
export class StepCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The record, marked as used now; null when there is none. */
  async get(key: string): Promise<StepRecord | null> {
    const record = await this.peek(key);
    if (record !== null) touchAtOnce(this.#path(key));
    return record;
  }

  /** The record, which does not count as used by that. */
  async peek(key: string): Promise<StepRecord | null> {
    const record = (await readJsonIfThere(this.#path(key))) as StepRecord | null;
    return record?.key === key ? record : null;
  }

  async put(record: StepRecord): Promise<void> {
    await writeFileAtomic(this.#path(record.key), JSON.stringify(record), { sync: false });
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  #path(key: string): string {
    return join(this.#folder, key.slice(0, 2), `${key}.json`);
  }
}
