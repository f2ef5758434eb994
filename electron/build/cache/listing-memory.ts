import { readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';

/** How many digests are kept for one folder: more than the steps of a few Dockerfiles ask for. */
const KEPT = 256;

/** Digests of listings by the fingerprint of the files they were made of, the one used last first. */
export class ListingMemory {
  readonly #digests = new Map<string, string>();
  readonly #used = new Map<string, string>();
  #isChanged = false;

  /** Takes over what an earlier build saved; a missing or damaged file counts as empty. */
  async load(file: string): Promise<void> {
    const value = await readJsonIfThere(file);
    if (!Array.isArray(value)) return;
    for (const pair of value) {
      const [fingerprint, digest] = Array.isArray(pair) ? pair : [];
      if (isHash(fingerprint) && isHash(digest)) this.#digests.set(fingerprint, digest);
    }
  }

  get(fingerprint: string): string | null {
    const digest = this.#digests.get(fingerprint) ?? null;
    if (digest !== null) this.#used.set(fingerprint, digest);
    return digest;
  }

  set(fingerprint: string, digest: string): void {
    this.#isChanged ||= this.#digests.get(fingerprint) !== digest;
    this.#digests.set(fingerprint, digest);
    this.#used.set(fingerprint, digest);
  }

  /** Saves in one step, if there is anything new. */
  async save(file: string): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const pairs = [...new Map([...this.#used, ...this.#digests])].slice(0, KEPT);
    await writeFileAtomic(file, JSON.stringify(pairs), { sync: false });
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
