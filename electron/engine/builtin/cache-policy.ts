import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import type { StoredStep } from './step-records.ts';

/** Which cached steps a clean-up leaves although no image with a name has their layers. */
export interface CachePolicy {
  /** None of them. */
  readonly all?: boolean | undefined;
  /** Those used within so many ms, whatever build used them. */
  readonly until?: number | undefined;
  /** At most so many bytes of layers: those used last. */
  readonly keepBytes?: number | undefined;
}

const DAY = 24 * 60 * 60 * 1000;
/** What holds where nothing was asked for: steps of the last builds of a Dockerfile, used so lately, of such a size. */
export const DEFAULT_CACHE = { days: 14, ms: 14 * DAY, bytes: 20e9 } as const;

/** Steps that go, and for which cause in words. */
export interface DroppedSteps {
  readonly steps: readonly StoredStep[];
  readonly by: string;
}

/**
 * Chooses among steps that no image holds. `recent` are the keys that the last builds of each Dockerfile used; `now` is
 * in ms since the epoch.
 */
export function chooseSteps(
  steps: readonly StoredStep[],
  recent: ReadonlySet<string>,
  policy: CachePolicy,
  now: number,
): readonly DroppedSteps[] {
  if (policy.all === true) return [{ steps, by: 'a clean-up of the whole build cache' }];
  const age = policy.until ?? DEFAULT_CACHE.ms;
  const isUsed = (step: StoredStep) =>
    step.usedAt >= now - age && (policy.until !== undefined || recent.has(step.key));
  const limit = policy.keepBytes ?? DEFAULT_CACHE.bytes;
  const tooMuch = beyond(steps.filter(isUsed), limit);
  return [
    { steps: steps.filter((step) => !isUsed(step)), by: `a clean-up (${describeAge(policy)})` },
    { steps: tooMuch, by: `a clean-up (at most ${formatBytes(limit)} are kept)` },
  ].filter((dropped) => dropped.steps.length > 0);
}

/** The steps, those used last first, whose layers find no room in `limit` bytes; a layer counts once. */
function beyond(steps: readonly StoredStep[], limit: number): StoredStep[] {
  const counted = new Set<string>();
  let total = 0;
  return [...steps]
    .sort((a, b) => b.usedAt - a.usedAt)
    .filter(({ layer }) => {
      if (layer === null || counted.has(layer.digest)) return false;
      counted.add(layer.digest);
      total += layer.size;
      return total > limit;
    });
}

function describeAge({ until }: CachePolicy): string {
  if (until === undefined) return `of no recent build, or not used for ${DEFAULT_CACHE.days} days`;
  const hours = until / (60 * 60 * 1000);
  return `not used for ${hours >= 48 ? formatCount(Math.round(hours / 24), 'day') : formatCount(Math.round(hours), 'hour')}`;
}
