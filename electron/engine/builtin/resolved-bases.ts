import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { formatPlatform, type Platform } from '#shared/oci/platform.ts';
import { canonicalReference, type Reference } from '#shared/oci/reference.ts';
import { readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Store } from '../../store/store.ts';

/** What a registry said a name is, for a platform. */
export interface ResolvedBase {
  /** Of the index, or of the manifest where there is no index. */
  readonly root: Digest;
  readonly manifest: Digest;
  /** When it said so, in ms since the epoch. */
  readonly at: number;
}

/**
 * The base images whose manifests are in the store and whose layers may not be: what FROM means until it is asked for
 * anew. Once an image is whole its name says that.
 */
export class ResolvedBases {
  readonly #folder: string;

  constructor(store: Store) {
    this.#folder = store.paths.cacheBases();
  }

  async get(reference: Reference, platform: Platform): Promise<ResolvedBase | null> {
    const value = await readJsonIfThere(this.#file(reference, platform));
    const { root = '', manifest = '', at } = (value ?? {}) as Partial<ResolvedBase>;
    return isDigest(root) && isDigest(manifest) && typeof at === 'number' ? { root, manifest, at } : null;
  }

  async put(reference: Reference, platform: Platform, base: ResolvedBase): Promise<void> {
    await writeFileAtomic(this.#file(reference, platform), JSON.stringify(base), { sync: false });
  }

  async remove(reference: Reference, platform: Platform): Promise<void> {
    await rm(this.#file(reference, platform), { force: true });
  }

  #file(reference: Reference, platform: Platform): string {
    const key = `${canonicalReference(reference)} ${formatPlatform(platform)}`;
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}
