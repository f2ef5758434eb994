import type { BuildStep } from '#shared/contract/builds.ts';
import type { Reason } from '#shared/contract/projects.ts';

const WORD: Readonly<Record<BuildStep['status'], string>> = {
  waiting: '–',
  running: 'running',
  hit: 'cached',
  miss: 'rebuilt',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** What became of a step, in a word: what no earlier build made is not built again. */
export function statusWord({ status, reasons }: Pick<BuildStep, 'status' | 'reasons'>): string {
  return status === 'miss' && isFirstBuild(reasons) ? 'built' : WORD[status];
}

/** Whether no earlier build of a step is known; an engine that gives no reasons tells of none. */
export function isFirstBuild(reasons: readonly Reason[]): boolean {
  return reasons.length === 0 || reasons.some(({ kind }) => kind === 'no-earlier-build');
}
