import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';
import type { BuildAdvice } from '#shared/contract/projects.ts';
import { formatCount } from '#shared/format/count.ts';
import { formatDuration } from '#shared/format/duration.ts';
import type { Dockerfile, Instruction, RunInstruction } from '../../build/dockerfile/ast.ts';
import { type Installer, installerOf } from './install-commands.ts';
import { shortenSource } from './shorten-source.ts';

/** Fewer needless rebuilds than this are chance. */
const FEWEST = 2;

/**
 * Where files are copied before a step that does not need them: told from the reasons and durations of earlier
 * builds, so that only what really happened counts.
 */
export function adviseOrder(dockerfile: Dockerfile, records: readonly BuildDetail[]): BuildAdvice[] {
  return dockerfile.stages.flatMap((stage) => {
    const label = stage.name ?? String(stage.index);
    return stage.instructions.flatMap((instruction, position) => {
      if (instruction.keyword !== 'RUN') return [];
      const installer = installerOf(instruction);
      if (installer === null) return [];
      const before = stage.instructions.slice(0, position);
      const costs = records.flatMap((record) => needlessRebuild(record, label, instruction, installer) ?? []);
      return adviseStep(instruction, before, installer, costs, records.length);
    });
  });
}

interface NeedlessRebuild {
  readonly ms: number;
  /** Text of the copying step whose files changed. */
  readonly cause: string;
}

/** What it cost that files changed which the step does not need; null when there was another cause as well. */
function needlessRebuild(
  { stepList }: BuildDetail,
  stage: string,
  { source }: RunInstruction,
  { needs }: Installer,
): NeedlessRebuild | null {
  const inStage = stepList.filter((step) => step.stage === stage);
  const at = inStage.findIndex((step) => step.instruction === source);
  const step = inStage[at];
  if (step?.status !== 'miss' || ownReasons(step).length > 0) return null;
  // Settings change no files, so that the step's own reasons would name them if they mattered.
  const causes = inStage
    .slice(0, at)
    .filter(
      (earlier) => earlier.status === 'miss' && ownReasons(earlier).length > 0 && changesFiles(earlier),
    );
  const isNeedless = causes.every(
    (cause) =>
      /^(?:COPY|ADD) /.test(cause.instruction) &&
      ownReasons(cause).every(
        ({ kind, paths = [] }) =>
          kind === 'files-changed' && paths.length > 0 && !paths.some((path) => needs?.test(path)),
      ),
  );
  const [cause] = causes;
  return cause !== undefined && isNeedless ? { ms: step.ms, cause: cause.instruction } : null;
}

function ownReasons(step: BuildStep): BuildStep['reasons'] {
  return step.reasons.filter(({ kind }) => kind !== 'parent-rebuilt');
}

function changesFiles({ instruction }: BuildStep): boolean {
  return /^(?:FROM|RUN|COPY|ADD|WORKDIR|ONBUILD) /.test(instruction);
}

function adviseStep(
  run: RunInstruction,
  before: readonly Instruction[],
  installer: Installer,
  costs: readonly NeedlessRebuild[],
  builds: number,
): BuildAdvice[] {
  // A copy that has been moved or edited since is not there to be blamed.
  const copy = before.find(({ source }) => costs.some(({ cause }) => cause === source));
  if (copy === undefined || costs.length < FEWEST) return [];
  const ms = costs.reduce((sum, cost) => sum + cost.ms, 0);
  const [copied, ran] = [shortenSource(copy.source), shortenSource(run.source)];
  const remedy =
    installer.needs === null
      ? `It needs no file of the context: put it before line ${copy.range.line}.`
      : `It needs ${installer.needsText} alone: copy those first and run it, then ${copied} can follow.`;
  const cost = `${formatCount(costs.length, 'rebuild')}, ${formatDuration(ms)}`;
  return [
    {
      kind: 'order',
      title: `${copied} stands before ${ran}`,
      detail: `In your last ${formatCount(builds, 'build')} that cost ${cost}. ${remedy}`,
      line: copy.range.line,
      rebuilds: costs.length,
      ms,
      bytes: null,
    },
  ];
}
