import { readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';

/** When a result was removed (ms since the epoch), and by what, in words. */
export interface Eviction {
  readonly at: number;
  readonly by: string;
}

/** How many removals are remembered; the oldest are forgotten first. */
const KEPT = 5000;

/** Remembers which cache entries were removed, so that "removed" is never called "changed". */
export class Evictions {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async find(key: string): Promise<Eviction | null> {
    return (await this.#load())[key] ?? null;
  }

  async add(keys: readonly string[], eviction: Eviction): Promise<void> {
    if (keys.length === 0) return;
    const all = { ...(await this.#load()), ...Object.fromEntries(keys.map((key) => [key, eviction])) };
    const kept = Object.entries(all)
      .sort(([, a], [, b]) => b.at - a.at)
      .slice(0, KEPT);
    await writeFileAtomic(this.#file, JSON.stringify(Object.fromEntries(kept)), { sync: false });
  }

  async #load(): Promise<Record<string, Eviction>> {
    const value = await readJsonIfThere(this.#file);
    return typeof value === 'object' && value !== null ? (value as Record<string, Eviction>) : {};
  }
}
