import { AppError } from '#shared/errors/app-error.ts';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import type { Dockerfile, Instruction, Stage } from '../dockerfile/ast.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { suggestionHint } from '../dockerfile/suggest.ts';
import { NamedContexts } from '../inputs/named-contexts.ts';

/** One instruction to carry out. */
export interface PlanStep {
  /** Position in the whole build, from 0, in file order: what logs and events refer to. */
  readonly index: number;
  /** Position within its stage; FROM is 0. */
  readonly position: number;
  readonly stage: PlanStage;
  readonly instruction: Instruction;
  /** First and last line in the Dockerfile; of a trigger (ONBUILD), those of the FROM that brought it. */
  readonly line: number;
  readonly endLine: number;
  /** What a person reads: the instruction on one line. */
  readonly display: string;
}

/** A stage that the target needs. */
export interface PlanStage {
  readonly index: number;
  readonly name: string | null;
  /** Its name, or its number as text. */
  readonly label: string;
  readonly stage: Stage;
  /** Stages that must be built for it. */
  readonly needs: ReadonlySet<number>;
  /** A named context takes its place: nothing of it but FROM is done. */
  readonly isReplaced: boolean;
  /** Of a build for several platforms the one that this stage is built for, as `os/architecture`; else null. */
  readonly platform: string | null;
}

export interface BuildPlan {
  readonly dockerfile: Dockerfile;
  readonly target: PlanStage;
  /** Those the target needs, in file order. */
  readonly stages: readonly PlanStage[];
  readonly steps: readonly PlanStep[];
  /** All stages, also those the target does not need. */
  readonly all: readonly PlanStage[];
}

const NO_CONTEXTS = new NamedContexts(new Map());

/** How one of several plans of the same build differs from the others. */
export interface PlanOptions {
  readonly contexts?: NamedContexts;
  /** Told at every step; null where the build has one platform alone. */
  readonly platform?: string | null;
  /** The index of the first step. */
  readonly firstIndex?: number;
}

/**
 * Which stages must be built for the target, and their steps. `expandFrom` gives the base of a stage with its
 * variables replaced. Throws `dockerfile-invalid` for a cycle and for a base without a name, also where the target does
 * not need them, and `invalid-input` for an unknown target.
 */
export function planBuild(
  dockerfile: Dockerfile,
  target: string | undefined,
  expandFrom: (stage: Stage) => string,
  { contexts = NO_CONTEXTS, platform = null, firstIndex = 0 }: PlanOptions = {},
): BuildPlan {
  const all = dockerfile.stages.map((stage) =>
    planStage(dockerfile, stage, expandFrom(stage), contexts, platform),
  );
  const wanted = findTarget(all, target);
  const needed = new Set<number>();
  visit(dockerfile, all, wanted, [], needed);
  const checked = new Set(needed);
  for (const stage of all) visit(dockerfile, all, stage, [], checked);
  const stages = all.filter((stage) => needed.has(stage.index));
  const steps: PlanStep[] = [];
  for (const stage of stages) steps.push(...stageSteps(stage, firstIndex + steps.length));
  return { dockerfile, target: wanted, stages, steps, all };
}

/** The steps of a stage, counted from `index` on. */
export function stageSteps(stage: PlanStage, index: number): PlanStep[] {
  const { from, instructions } = stage.stage;
  return [from, ...(stage.isReplaced ? [] : instructions)].map((instruction, position) =>
    planStep(index + position, stage, position, instruction),
  );
}

function planStep(index: number, stage: PlanStage, position: number, instruction: Instruction): PlanStep {
  const { line, endLine } = instruction.range;
  return { index, position, stage, instruction, line, endLine, display: hideCredentials(instruction.source) };
}

function planStage(
  dockerfile: Dockerfile,
  stage: Stage,
  base: string,
  contexts: NamedContexts,
  platform: string | null,
): PlanStage {
  const { index, name } = stage;
  if (base === '') throw emptyBase(dockerfile, stage);
  const needs = new Set<number>();
  const need = (found: Stage | undefined, other: string | null) => {
    const needed = found ?? (other === null ? undefined : findStage(dockerfile.stages, other));
    if (needed !== undefined) needs.add(needed.index);
  };
  const isReplaced = name !== null && contexts.find(name) !== null;
  if (isReplaced) need(undefined, contexts.stageOf(name));
  else {
    need(findStageByName(dockerfile.stages.slice(0, index), base), contexts.stageOf(base));
    for (const from of stage.instructions.flatMap(sourceStages))
      need(findStage(dockerfile.stages, from), contexts.stageOf(from));
  }
  return { index, name, label: name ?? String(index), stage, needs, isReplaced, platform };
}

function emptyBase({ path }: Dockerfile, { from }: Stage): AppError {
  return sourceError(
    { path, range: from.range },
    'The base image is empty after its variables were replaced.',
    'Give the ARG a default before the first FROM, or set it with --build-arg.',
  );
}

/** The stages or images that an instruction takes files from: COPY --from and RUN --mount=from. */
export function sourceStages(instruction: Instruction): string[] {
  if (instruction.keyword === 'COPY')
    return instruction.flags.from === undefined ? [] : [instruction.flags.from];
  if (instruction.keyword !== 'RUN') return [];
  return instruction.flags.mounts.flatMap((mount) =>
    mount.fields.flatMap(({ key, value }) => (key === 'from' && value !== null ? [value] : [])),
  );
}

/** The last stage of this name as FROM looks for it: in lower case, which is how stages keep their names. */
export function findStageByName(stages: readonly Stage[], name: string): Stage | undefined {
  return stages.findLast((stage) => stage.name !== null && stage.name === name);
}

/** The stage that COPY --from names, by name in any case or by number. */
export function findStage(stages: readonly Stage[], name: string): Stage | undefined {
  return (
    findStageByName(stages, name.toLowerCase()) ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined)
  );
}

function findTarget(all: readonly PlanStage[], target: string | undefined): PlanStage {
  const last = all.at(-1);
  if (last === undefined)
    throw new AppError('dockerfile-invalid', 'The Dockerfile has no FROM, so there is nothing to build.');
  if (target === undefined || target === '') return last;
  const stages = all.map((planned) => planned.stage);
  const found = findStage(stages, target);
  if (found !== undefined) return all[found.index] as PlanStage;
  const names = stages.flatMap((stage) => (stage.name === null ? [] : [stage.name]));
  throw new AppError('invalid-input', `There is no stage "${target}" in the Dockerfile.`, {
    hint: suggestionHint(
      target,
      names,
      names.length > 0
        ? `Its stages are: ${names.join(', ')}.`
        : 'No stage has a name; name one with FROM … AS name.',
    ),
  });
}

function visit(
  dockerfile: Dockerfile,
  all: readonly PlanStage[],
  stage: PlanStage,
  path: readonly PlanStage[],
  done: Set<number>,
): void {
  if (path.includes(stage)) {
    const round = [...path.slice(path.indexOf(stage)), stage].map((s) => s.label).join(' → ');
    throw sourceError(
      { path: dockerfile.path, range: stage.stage.from.range },
      `Stage "${stage.label}" needs itself: ${round}.`,
      'Take the files from another stage, or split the stage in two.',
    );
  }
  if (done.has(stage.index)) return;
  for (const needed of stage.needs) visit(dockerfile, all, all[needed] as PlanStage, [...path, stage], done);
  done.add(stage.index);
}
