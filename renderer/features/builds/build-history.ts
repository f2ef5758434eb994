import type { BuildSummary } from '#shared/contract/builds.ts';
import type { SettingsView } from '#shared/contract/settings.ts';
import { formatCount, formatNumber } from '#shared/format/count.ts';

/** What the last builds of one project tell together. */
export interface BuildTrend {
  /** Oldest first: the builds that were finished. */
  readonly builds: readonly BuildSummary[];
  readonly medianMs: number;
  /** 0 to 1, over all steps of these builds. */
  readonly cachedShare: number;
  readonly savedMs: number;
}

/** As many builds make a trend. */
const MOST = 30;

/** The trend of a list of builds (newest first); null when fewer than two were finished. */
export function trendOf(builds: readonly BuildSummary[]): BuildTrend | null {
  const done = builds.filter((build) => build.state === 'done' && build.ms !== null).slice(0, MOST);
  if (done.length < 2) return null;
  const steps = sum(done.map((build) => build.steps));
  return {
    builds: done.toReversed(),
    medianMs: median(done.map((build) => build.ms ?? 0)),
    cachedShare: steps === 0 ? 0 : sum(done.map((build) => build.hits)) / steps,
    savedMs: sum(done.map((build) => build.savedMs)),
  };
}

/** The projects that have builds, by name: what the history can be narrowed to. */
export function projectsOfBuilds(
  builds: readonly BuildSummary[],
): readonly { readonly id: string; readonly name: string; readonly builds: number }[] {
  const found = new Map<string, { id: string; name: string; builds: number }>();
  for (const { projectId, name } of builds) {
    if (projectId === null) continue;
    const project = found.get(projectId) ?? { id: projectId, name, builds: 0 };
    project.builds += 1;
    found.set(projectId, project);
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Share of a build's steps that came from the cache, 0 to 1; null when it has no steps. */
export function cachedShare(build: BuildSummary): number | null {
  return build.steps === 0 ? null : build.hits / build.steps;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Builds in the order in which they were begun. */
export function inOrder(builds: readonly BuildSummary[]): readonly BuildSummary[] {
  return builds.toSorted((a, b) => a.startedAt - b.startedAt);
}

/** The build of the same project that was begun before another one; undefined where none is kept. */
export function buildBefore(
  builds: readonly BuildSummary[],
  { id, projectId, contextPath, startedAt }: BuildSummary,
): BuildSummary | undefined {
  const isSame = (other: BuildSummary): boolean =>
    projectId === null ? other.contextPath === contextPath : other.projectId === projectId;
  return inOrder(builds).findLast(
    (other) => other.id !== id && other.startedAt <= startedAt && isSame(other) && other.state !== 'running',
  );
}

/** Which builds the history keeps: "the newest 500 are kept, none older than 30 days". */
export function retentionWords({ keepBuilds = 500, keepBuildDays = 0 }: SettingsView): string {
  const count = `the newest ${formatNumber(keepBuilds)} are kept`;
  return keepBuildDays === 0 ? count : `${count}, none older than ${formatCount(keepBuildDays, 'day')}`;
}
