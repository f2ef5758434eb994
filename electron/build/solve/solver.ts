import { AppError } from '#shared/errors/app-error.ts';
import { type Platform, parsePlatform } from '#shared/oci/platform.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { CacheFields } from '../cache/cache-key.ts';
import { parseTrigger } from '../dockerfile/parse.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import {
  type BuildPlan,
  findStage,
  findStageByName,
  type PlanStage,
  type PlanStep,
} from '../plan/build-plan.ts';
import { expandFromWord } from '../plan/build-variables.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import { prepareStep, type StepInstruction } from '../steps/prepare-step.ts';
import { settingStep } from '../steps/prepared-step.ts';
import type { StageState } from '../steps/stage-state.ts';
import type { StepContext, UnknownSource } from '../steps/step-context.ts';
import type { BaseImage, BaseImages } from './base-images.ts';
import { imageState, scratchState, stageBaseState, unknownState } from './from-state.ts';
import { type SolveOptions, solveStep } from './solve-step.ts';

/** Finds a stage or an image that a step takes files from. */
export type FindSource = (name: string, state: StageState) => Promise<SourceTree | UnknownSource>;

/** What the solver needs of the build around it. */
export interface SolverServices {
  readonly bases: BaseImages;
  /** What is built for where FROM does not say another. */
  readonly platform: Platform;
  readonly globalArgs: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  contextFor(step: PlanStep, findSource: FindSource): StepContext;
  /** The files of a finished stage or of an image as a source. */
  openStack(title: string, layers: StageState['layers']): Promise<SourceTree>;
}

/** A finished stage, or what is foreseen of it; `rebuiltBy` names its first step that was made anew. */
interface StageResult {
  readonly state: StageState;
  readonly rebuiltBy: string | null;
}

/** Where a stage begins. */
interface StageBase extends StageResult {
  readonly fields: CacheFields;
  /** ONBUILD of the base image. */
  readonly triggers: readonly string[];
  /** Set in a prediction when the base is not known before it is fetched: in words. */
  readonly unknown?: string | undefined;
}

/** Carries out a plan, or foresees it: stages that do not need each other run side by side. */
export class Solver {
  readonly #plan: BuildPlan;
  readonly #services: SolverServices;
  readonly #options: SolveOptions;
  readonly #stages = new Map<number, Promise<StageResult>>();

  constructor(plan: BuildPlan, services: SolverServices, options: SolveOptions) {
    this.#plan = plan;
    this.#services = services;
    this.#options = options;
  }

  /** What the target ends with. The first failure of any stage is thrown. */
  async solve(): Promise<StageState> {
    const results = await Promise.all(this.#plan.stages.map((stage) => this.#stage(stage)));
    const target = results[this.#plan.stages.indexOf(this.#plan.target)];
    if (target === undefined) throw new AppError('internal', 'The target stage was not planned.');
    return target.state;
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
    const [from, ...rest] = this.#plan.steps.filter((step) => step.stage === stage);
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

  /** FROM. */
  async #begin(step: PlanStep): Promise<StageBase> {
    const context = this.#contextOf(step);
    const { dockerfile } = this.#plan;
    const { from } = step.stage.stage;
    const name = expandFromWord(dockerfile, from, from.image, this.#services.globalArgs);
    const unbegun = scratchState(this.#services.platform);
    let base: StageBase | null = null;
    const prepare = async () => {
      base = await this.#base(step, name, context);
      const prepared = settingStep(`FROM ${name}`, () => base?.state ?? unbegun, { fields: base.fields });
      return base.unknown === undefined ? prepared : { ...prepared, unknown: base.unknown };
    };
    const solved = await solveStep(step, unbegun, null, prepare, context, this.#options);
    const found = base as StageBase | null;
    if (found === null) throw new AppError('internal', `FROM ${name} was not resolved.`);
    const rebuiltBy = found.rebuiltBy ?? (solved.rebuilt ? describeStep(step) : null);
    return { ...found, rebuiltBy };
  }

  async #base(step: PlanStep, name: string, context: StepContext): Promise<StageBase> {
    const { stage } = step;
    const { dockerfile } = this.#plan;
    const platform = this.#platformOf(stage);
    const fields = { platform: JSON.stringify(platform) };
    if (name === 'scratch') return { state: scratchState(platform), rebuiltBy: null, fields, triggers: [] };
    const earlier = findStageByName(dockerfile.stages.slice(0, stage.index), name);
    if (earlier !== undefined) {
      const result = await this.#waitForStage(step, earlier.index);
      const chain = result.state.chain ?? 'unknown';
      return {
        state: stageBaseState(result.state),
        rebuiltBy: result.rebuiltBy,
        fields: { ...fields, stage: chain },
        triggers: result.state.runtime.onBuild ?? [],
      };
    }
    const place = { path: dockerfile.path, range: stage.stage.from.range };
    if (name === '') {
      throw sourceError(
        place,
        'The base image is empty after its variables were replaced.',
        'Give the ARG a default before the first FROM, or set it with --build-arg.',
      );
    }
    const image = await this.#image(withDefaultTag(parseReference(name)), platform, context);
    if (image === null) {
      return {
        state: unknownState(platform),
        rebuiltBy: null,
        fields: { ...fields, reference: name },
        triggers: [],
        unknown: `The base image ${name} is not in the store; it will be fetched.`,
      };
    }
    return {
      state: imageState(image, platform),
      rebuiltBy: null,
      fields: { ...fields, reference: name, base: image.record.digest },
      triggers: image.config.config.onBuild ?? [],
    };
  }

  /** From the store, else fetched; null when a prediction cannot know it. */
  async #image(reference: Reference, platform: Platform, context: StepContext): Promise<BaseImage | null> {
    const found = await this.#services.bases.find(reference, platform);
    if (found !== null || !this.#options.build) return found;
    return this.#services.bases.fetch(reference, platform, context);
  }

  async #findSource(step: PlanStep, name: string, state: StageState): Promise<SourceTree | UnknownSource> {
    const stage = findStage(this.#plan.dockerfile.stages, name);
    if (stage !== undefined) {
      const result = await this.#waitForStage(step, stage.index);
      if (result.state.chain === null)
        return {
          unknown: `Stage ${name} will be rebuilt (${result.rebuiltBy ?? 'its base is not known'}); if it gives the same files, this step is taken from the cache after all.`,
        };
      return this.#services.openStack(`stage ${name}`, result.state.layers);
    }
    const reference = withDefaultTag(parseReference(name));
    const found = await this.#services.bases.find(reference, state.platform);
    if (found === null && !this.#options.build)
      return { unknown: `The image ${familiarReference(reference)} is not in the store yet.` };
    const quiet = { signal: this.#services.signal, log: () => undefined };
    const image = found ?? (await this.#services.bases.fetch(reference, state.platform, quiet));
    return this.#services.openStack(`image ${familiarReference(reference)}`, image.record.layers);
  }

  #contextOf(step: PlanStep): StepContext {
    return this.#services.contextFor(step, (name, state) => this.#findSource(step, name, state));
  }

  async #waitForStage(step: PlanStep, index: number): Promise<StageResult> {
    const { report } = this.#options;
    const started = performance.now();
    const result = await report.whileWaiting(step, () => this.#stageByIndex(index));
    report.addWait(step, performance.now() - started);
    return result;
  }

  #stageByIndex(index: number): Promise<StageResult> {
    const stage = this.#plan.stages.find((planned) => planned.index === index);
    if (stage === undefined)
      throw new AppError(
        'unsupported',
        `Stage ${index} is used by a trigger of a base image, which is not supported yet.`,
      );
    return this.#stage(stage);
  }

  #platformOf(stage: PlanStage): Platform {
    const { from } = stage.stage;
    if (from.flags.platform === undefined) return this.#services.platform;
    const text = expandFromWord(this.#plan.dockerfile, from, from.flags.platform, this.#services.globalArgs);
    return text === '' ? this.#services.platform : parsePlatform(text);
  }

  /** The steps that the base image's ONBUILD adds; they stand at the line of FROM. */
  #triggerSteps(from: PlanStep, triggers: readonly string[]): PlanStep[] {
    const { report } = this.#options;
    const steps = triggers.map((text, i) => {
      const place = { path: this.#plan.dockerfile.path, range: from.instruction.range };
      const instruction = parseTrigger(text, place);
      // Triggers take positions behind the stage's own steps, so that those keep theirs.
      const position = 10_000 + i;
      return {
        ...from,
        index: report.nextIndex + i,
        position,
        instruction,
        display: `ONBUILD ${instruction.source}`,
      };
    });
    if (steps.length > 0) report.add(steps);
    return steps;
  }
}

function describeStep(step: PlanStep): string {
  return `line ${step.line}, ${step.display}`;
}
