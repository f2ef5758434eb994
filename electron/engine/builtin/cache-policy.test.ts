import { describe, expect, it } from 'vitest';
import type { DiffId, Digest } from '#shared/oci/digest.ts';
import { chooseSteps } from './cache-policy.ts';
import type { StoredStep } from './step-records.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 100 * DAY;

/** A step of `size` bytes that was used so many days ago. */
const step = (key: string, days: number, size = 1): StoredStep => ({
  key,
  layer: {
    digest: `sha256:${key}` as Digest,
    diffId: `sha256:${key}` as string as DiffId,
    size,
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
  },
  builtAt: 0,
  ms: 1,
  usedAt: NOW - days * DAY,
});
const recent = new Set(['a', 'b', 'old']);
const dropped = (steps: StoredStep[], policy = {}) =>
  chooseSteps(steps, recent, policy, NOW).map(({ steps: gone, by }) => [
    gone.map(({ key }) => key).join(),
    by,
  ]);

describe('what of the build cache a clean-up drops', () => {
  it('is what no recent build has, and what was not used for long', () => {
    expect(dropped([step('a', 1), step('b', 13), step('edited', 1), step('old', 15)])).toEqual([
      ['edited,old', 'a clean-up (of no recent build, or not used for 14 days)'],
    ]);
  });

  it('is all when all is asked for', () => {
    expect(dropped([step('a', 0), step('x', 0)], { all: true })).toEqual([
      ['a,x', 'a clean-up of the whole build cache'],
    ]);
  });

  it('is what was not used since a time that was asked for, whatever build has it', () => {
    expect(dropped([step('a', 3), step('x', 1)], { until: 2 * DAY })).toEqual([
      ['a', 'a clean-up (not used for 2 days)'],
    ]);
  });

  it('is what was used least lately where more is there than may be kept', () => {
    const steps = [step('old', 5, 60), step('a', 1, 60), step('b', 2, 30)];
    expect(dropped(steps, { keepBytes: 100 })).toEqual([['old', 'a clean-up (at most 100 B are kept)']]);
    expect(dropped(steps, { keepBytes: 200 })).toEqual([]);
  });
});
