import type { BuildSummary } from '#shared/contract/builds.ts';

/** Which build records are kept. */
export interface RecordRetention {
  /** At most so many, the newest. */
  readonly builds: number;
  /** None older than this; null: however old. */
  readonly days: number | null;
}

/** What holds where the settings say nothing. */
export const DEFAULT_RETENTION: RecordRetention = { builds: 500, days: null };

const DAY = 24 * 60 * 60 * 1000;

/** The retention that settings ask for. */
export function retentionOf(settings: {
  readonly keepBuilds?: number | undefined;
  readonly keepBuildDays?: number | undefined;
}): RecordRetention {
  return {
    builds: settings.keepBuilds ?? DEFAULT_RETENTION.builds,
    days: settings.keepBuildDays || DEFAULT_RETENTION.days,
  };
}

/** Ids of the records, given newest first, that are not to be kept at `now` (ms). A build that runs is always kept. */
export function expiredRecords(
  newestFirst: readonly Pick<BuildSummary, 'id' | 'state' | 'startedAt'>[],
  { builds, days }: RecordRetention,
  now: number,
): string[] {
  const oldest = days === null ? Number.NEGATIVE_INFINITY : now - days * DAY;
  return newestFirst
    .filter(({ state, startedAt }, at) => state !== 'running' && (at >= builds || startedAt < oldest))
    .map(({ id }) => id);
}
