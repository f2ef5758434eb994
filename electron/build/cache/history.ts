import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import { isMissing } from '../../platform/file-errors.ts';
import type { CacheFields } from './cache-key.ts';

/** A step of an earlier build, for comparison. */
export interface PastStep {
  readonly stage: string;
  /** Of a build for several platforms. */
  readonly platform?: string | undefined;
  /** Position within its stage, from 0. */
  readonly position: number;
  readonly keyword: string;
  readonly source: string;
  /** Null when the build did not get so far as to know it. */
  readonly key: string | null;
  readonly fields: CacheFields;
}

export interface PastBuild {
  readonly at: number;
  readonly steps: readonly PastStep[];
}

/** How many builds of a project are compared with. */
const KEPT = 6;

/** The last builds of each Dockerfile, newest first. */
export class BuildHistory {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(dockerfilePath: string): Promise<readonly PastBuild[]> {
    const value = await readJsonIfThere(this.#path(dockerfilePath));
    return Array.isArray(value) ? (value as PastBuild[]) : [];
  }

  /** The keys of the steps of all builds that are remembered, of every Dockerfile. */
  async keys(): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    for (const { key } of await this.#allSteps()) if (key !== null) keys.add(key);
    return keys;
  }

  /** The digests of the listings that those steps name. */
  async listings(): Promise<ReadonlySet<string>> {
    const digests = new Set<string>();
    for (const { fields } of await this.#allSteps())
      if (typeof fields?.sources === 'string') digests.add(fields.sources);
    return digests;
  }

  async #allSteps(): Promise<readonly PastStep[]> {
    const names = await readdir(this.#folder).catch((error) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const all: PastStep[] = [];
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      const builds = await readJsonIfThere(join(this.#folder, name));
      if (!Array.isArray(builds)) continue;
      for (const { steps } of builds as PastBuild[])
        for (const step of Array.isArray(steps) ? steps : []) all.push(step);
    }
    return all;
  }

  async add(dockerfilePath: string, build: PastBuild): Promise<void> {
    const earlier = await this.load(dockerfilePath);
    const same = earlier[0] !== undefined && JSON.stringify(earlier[0].steps) === JSON.stringify(build.steps);
    if (same) return;
    await writeFileAtomic(this.#path(dockerfilePath), JSON.stringify([build, ...earlier].slice(0, KEPT)), {
      sync: false,
    });
  }

  #path(dockerfilePath: string): string {
    return join(this.#folder, `${createHash('sha256').update(dockerfilePath).digest('hex')}.json`);
  }
}

/**
 * The earlier step that is most like this one: of the same stage and keyword, the one with the fewest fields
 * that differ; the same platform wins a tie, then the newest build, then the nearest position. Null when nothing is alike.
 */
export function closestStep(builds: readonly PastBuild[], step: Omit<PastStep, 'key'>): PastStep | null {
  return closestMatch(builds, step)?.past ?? null;
}

/** As {@link closestStep}, with how far it is from the step: 1000 for each field, 10 for each position, 1 for each build. */
export function closestMatch(
  builds: readonly PastBuild[],
  step: Omit<PastStep, 'key'>,
): { readonly past: PastStep; readonly distance: number } | null {
  let best: PastStep | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  builds.forEach((build, age) => {
    for (const past of build.steps) {
      if (past.stage !== step.stage || past.keyword !== step.keyword) continue;
      const moved = Math.abs(past.position - step.position);
      if (past.source !== step.source && moved > 0) continue;
      const foreign = past.platform === step.platform ? 0 : 500;
      const score = differingFields(past.fields, step.fields) * 1000 + foreign + moved * 10 + age;
      if (score < bestScore) [best, bestScore] = [past, score];
    }
  });
  return best === null ? null : { past: best, distance: bestScore };
}

function differingFields(a: CacheFields, b: CacheFields): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  names.delete('parent');
  return [...names].filter((name) => a[name] !== b[name]).length;
}
