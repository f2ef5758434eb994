import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { writeError } from '../platform/file-errors.ts';
import { claimIngest, isIngestedElsewhere, releaseIngest } from './ingest-files.ts';
import type { StorePaths } from './store-paths.ts';

/**
 * Which blobs the processes of this store send to which place now, as empty files of the ingest folder; those of a dead
 * process count for nothing.
 */
export class UploadClaims {
  readonly #paths: StorePaths;

  constructor(paths: StorePaths) {
    this.#paths = paths;
  }

  /** Whether another living process sends to `place`; `senior`: one that goes before ours where both began at once. */
  isElsewhere(place: string, rank: 'any' | 'senior'): Promise<boolean> {
    return isIngestedElsewhere(this.#paths, keyOf(place), rank);
  }

  /** Says that this process sends there, until what it answers is called. */
  async claim(place: string): Promise<() => Promise<void>> {
    const file = await claimIngest(this.#paths, keyOf(place));
    try {
      writeFileSync(file.path, '');
    } catch (error) {
      throw writeError(error, file.path);
    }
    return () => releaseIngest(this.#paths, file, false);
  }
}

function keyOf(place: string): string {
  return `sent-${createHash('sha256').update(place).digest('hex')}`;
}
