import { AppError } from '#shared/errors/app-error.ts';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import { parseTrigger } from '../dockerfile/parse.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import {
  type BuildPlan,
  findStage,
  type PlanStage,
  type PlanStep,
  sourceStages,
  stageSteps,
} from '../plan/build-plan.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import { prepareStep, type StepInstruction } from '../steps/prepare-step.ts';
import { settingStep } from '../steps/prepared-step.ts';
import type { StageState } from '../steps/stage-state.ts';
import type { StepContext, UnknownSource } from '../steps/step-context.ts';
import { BaseFinder, type BaseServices } from './base-finder.ts';
import { scratchState } from './from-state.ts';
import { type SolveOptions, solveStep } from './solve-step.ts';
import type { StageBase, StageResult } from './stage-base.ts';
import { notReached, StageFails } from './stage-fails.ts';

/** Finds a stage or an image that a step takes files from. */
export type FindSource = (
  name: string,
  state: StageState,
  paths?: readonly string[],
) => Promise<SourceTree | UnknownSource>;

/** What the solver needs of the build around it. */
export interface SolverServices extends BaseServices {
  contextFor(step: PlanStep, findSource: FindSource): StepContext;
}

/** Carries out a plan, or foresees it: stages that do not need each other run side by side. */
export class Solver {
  readonly #plan: BuildPlan;
  readonly #services: SolverServices;
  readonly #options: SolveOptions;
  readonly #finder: BaseFinder;
  readonly #stages = new Map<number, Promise<StageResult>>();
  /** What triggers of base images need, beside what the plan knows: by stage, the stages. */
  readonly #found = new Map<number, Set<number>>();

  constructor(plan: BuildPlan, services: SolverServices, options: SolveOptions) {
    this.#plan = plan;
    this.#services = services;
    this.#options = options;
    this.#finder = new BaseFinder(plan, services, (step, index) => this.#waitForStage(step, index));
  }

  /** What the target ends with. The first failure of any stage is thrown. */
  async solve(): Promise<StageState> {
    const results = await Promise.all(this.#plan.stages.map((stage) => this.#stage(stage)));
    const target = results[this.#plan.stages.indexOf(this.#plan.target)];
    if (target === undefined) throw new AppError('internal', 'The target stage was not planned.');
    return target.state;
  }

  /** Looks at every stage, also where one is foreseen to fail; what makes the prediction itself impossible is thrown. */
  async foresee(): Promise<void> {
    const results = await Promise.allSettled(this.#plan.stages.map((stage) => this.#stage(stage)));
    const failed = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    const other = failed.find((reason) => !(reason instanceof StageFails));
    if (other !== undefined) throw other;
  }

  /** Waits until no stage runs any more, whatever came of it. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#stages.values());
  }

  #stage(stage: PlanStage): Promise<StageResult> {
    const running = this.#stages.get(stage.index) ?? this.#solveStage(stage);
    this.#stages.set(stage.index, running);
    return running;
  }

  async #solveStage(stage: PlanStage): Promise<StageResult> {
    const steps = this.#stepsOf(stage);
    try {
      return await this.#solveSteps(stage, steps);
    } catch (error) {
      if (error instanceof StageFails)
        for (const step of steps) this.#options.report.skip(step, notReached(error));
      throw error;
    }
  }

  async #solveSteps(stage: PlanStage, [from, ...rest]: readonly PlanStep[]): Promise<StageResult> {
    if (from === undefined) throw new AppError('internal', `Stage ${stage.label} has no steps.`);
    const begun = await this.#begin(from);
    let { state, rebuiltBy } = begun;
    for (const step of [...this.#triggerSteps(from, begun.triggers), ...rest]) {
      const context = this.#contextOf(step);
      const at = state;
      const prepare = () => prepareStep(step.instruction as StepInstruction, at, context);
      const solved = await solveStep(step, at, rebuiltBy, prepare, context, this.#options);
      state = solved.state;
      // The first one is the cause of all that follow.
      if (solved.touchedFiles) rebuiltBy ??= describeStep(step);
    }
    return { state, rebuiltBy };
  }

  /** As planned; a stage that only a trigger turned out to need is reported from now on. */
  #stepsOf(stage: PlanStage): PlanStep[] {
    if (this.#plan.stages.includes(stage)) return this.#plan.steps.filter((step) => step.stage === stage);
    const { report } = this.#options;
    const steps = stageSteps(stage, report.nextIndex);
    report.add(steps);
    return steps;
  }

  /** FROM. */
  async #begin(step: PlanStep): Promise<StageBase> {
    const context = this.#contextOf(step);
    const name = this.#finder.baseName(step.stage);
    const unbegun = scratchState(this.#services.platform);
    let base: StageBase | null = null;
    const prepare = async () => {
      base = await this.#finder.base(step, context);
      const prepared = settingStep(`FROM ${name}`, () => base?.state ?? unbegun, { fields: base.fields });
      return { ...prepared, ...base.made, unknown: base.unknown };
    };
    const solved = await solveStep(step, unbegun, null, prepare, context, this.#options);
    const found = base as StageBase | null;
    if (found === null) throw new AppError('internal', `FROM ${name} was not resolved.`);
    const rebuiltBy = found.rebuiltBy ?? (solved.rebuilt ? describeStep(step) : null);
    return { ...found, state: found.made === undefined ? found.state : solved.state, rebuiltBy };
  }

  #contextOf(step: PlanStep): StepContext {
    const context: StepContext = this.#services.contextFor(step, (name, state, paths) =>
      this.#finder.source({ step, name, state, paths }, (text) => context.log(text)),
    );
    return context;
  }

  async #waitForStage(step: PlanStep, index: number): Promise<StageResult> {
    const { report } = this.#options;
    const stage = this.#plan.all[index];
    if (stage === undefined) throw new AppError('internal', `There is no stage ${index}.`);
    const started = performance.now();
    const result = await report.whileWaiting(step, () => this.#stage(stage));
    report.addWait(step, performance.now() - started);
    return result;
  }

  /** The steps that the base image's ONBUILD adds; they stand at the line of FROM. */
  #triggerSteps(from: PlanStep, triggers: readonly string[]): PlanStep[] {
    const { report } = this.#options;
    const place = { path: this.#plan.dockerfile.path, range: from.instruction.range };
    const steps = triggers.map((text, i) => {
      const instruction = parseTrigger(text, place);
      // Triggers take positions behind the stage's own steps, so that those keep theirs.
      const position = 10_000 + i;
      return {
        ...from,
        index: report.nextIndex + i,
        position,
        instruction,
        display: hideCredentials(`ONBUILD ${instruction.source}`),
      };
    });
    for (const { instruction } of steps) this.#noteNeeds(from, sourceStages(instruction));
    if (steps.length > 0) report.add(steps);
    return steps;
  }

  /** Remembers which stages triggers need. Throws `dockerfile-invalid` where one would wait for itself. */
  #noteNeeds({ stage, instruction }: PlanStep, names: readonly string[]): void {
    const needed = names.flatMap((name) => findStage(this.#plan.dockerfile.stages, name)?.index ?? []);
    const found = this.#found.get(stage.index) ?? new Set();
    for (const index of needed) found.add(index);
    this.#found.set(stage.index, found);
    if (!needed.some((index) => this.#needs(index, stage.index))) return;
    throw sourceError(
      { path: this.#plan.dockerfile.path, range: instruction.range },
      `A trigger of the base image takes files from a stage that needs stage "${stage.label}" itself.`,
      'Let the trigger take its files from a stage that does not build on this one.',
    );
  }

  /** Whether a stage needs another, itself included. */
  #needs(index: number, other: number, seen = new Set<number>()): boolean {
    if (index === other) return true;
    if (seen.has(index)) return false;
    seen.add(index);
    const direct = [...(this.#plan.all[index]?.needs ?? []), ...(this.#found.get(index) ?? [])];
    return direct.some((needed) => this.#needs(needed, other, seen));
  }
}

function describeStep(step: PlanStep): string {
  return `line ${step.line}, ${step.display}`;
}
