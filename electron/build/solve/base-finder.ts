import { AppError } from '#shared/errors/app-error.ts';
import { parseBuildPlatform } from '#shared/oci/build-platforms.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { Store } from '../../store/store.ts';
import type { NamedContext, NamedContexts } from '../inputs/named-contexts.ts';
import { findInLayout, takeFromLayout } from '../inputs/oci-layout.ts';
import {
  type BuildPlan,
  findStage,
  findStageByName,
  type PlanStage,
  type PlanStep,
} from '../plan/build-plan.ts';
import { expandFromWord } from '../plan/build-variables.ts';
import type { Remotes } from '../remote/remotes.ts';
import type { FolderSources } from '../sources/folder-sources.ts';
import { areSettled } from '../sources/settled-sources.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import { folderLayer } from '../steps/folder-layer.ts';
import type { StageState } from '../steps/stage-state.ts';
import type { StepContext, UnknownSource } from '../steps/step-context.ts';
import type { BaseImage } from './base-images.ts';
import type { BasePool } from './base-pool.ts';
import { imageState, scratchState, stageBaseState, unknownState } from './from-state.ts';
import type { StageBase, StageResult } from './stage-base.ts';

/** What finding bases and sources needs of the build around it. */
export interface BaseServices {
  readonly bases: BasePool;
  readonly store: Store;
  readonly contexts: NamedContexts;
  readonly folders: FolderSources;
  readonly remotes: Remotes;
  /** What is built for where FROM does not say another. */
  readonly platform: Platform;
  readonly globalArgs: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Ask the registry for images that are here, too. */
  readonly pull: boolean;
  /** False in a prediction: nothing is fetched. */
  readonly mayFetch: boolean;
  /** The files of a finished stage or of an image as a source. */
  openStack(title: string, layers: StageState['layers']): Promise<SourceTree>;
}

/** What a step takes from: `from=`. */
export interface WantedSource {
  readonly step: PlanStep;
  readonly name: string;
  /** Of the stage that the step is in. */
  readonly state: StageState;
  /** What of it is looked at; anything when absent. */
  readonly paths?: readonly string[] | undefined;
}

/** Ends when a stage that another step needs has. */
export type WaitForStage = (step: PlanStep, index: number) => Promise<StageResult>;

/** Finds what FROM begins with and what COPY --from and mounts take from: named contexts, stages, images. */
export class BaseFinder {
  readonly #plan: BuildPlan;
  readonly #services: BaseServices;
  readonly #wait: WaitForStage;
  /** The stages that the target stands on, itself included. */
  readonly #inImage = new Set<number>();

  constructor(plan: BuildPlan, services: BaseServices, wait: WaitForStage) {
    this.#plan = plan;
    this.#services = services;
    this.#wait = wait;
    const { stages } = plan.dockerfile;
    for (let stage: PlanStage | undefined = plan.target; stage !== undefined; ) {
      this.#inImage.add(stage.index);
      const below = findStageByName(stages.slice(0, stage.index), this.baseName(stage));
      stage = below === undefined ? undefined : plan.all[below.index];
    }
  }

  /** What FROM names, after its variables were replaced. */
  baseName({ stage }: PlanStage): string {
    return expandFromWord(this.#plan.dockerfile, stage.from, stage.from.image, this.#services.globalArgs);
  }

  /** Where a stage begins. Throws `base-not-found`, `dockerfile-invalid`. */
  async base(step: PlanStep, context: StepContext): Promise<StageBase> {
    const { stage } = step;
    const { contexts } = this.#services;
    const name = this.baseName(stage);
    const platform = this.#platformOf(stage);
    // A context of the stage's own name takes the place of the whole stage.
    const own = stage.name === null ? null : contexts.find(stage.name);
    if (own !== null) return this.#contextBase(own, stage.name ?? '', platform, step, context);
    if (name === 'scratch') return begin(scratchState(platform), { platform: JSON.stringify(platform) });
    const earlier = findStageByName(this.#plan.dockerfile.stages.slice(0, stage.index), name);
    if (earlier !== undefined) return this.#stageBase(step, earlier.index, platform);
    const named = contexts.find(name);
    if (named !== null) return this.#contextBase(named, name, platform, step, context);
    return this.#imageBase(stage, withDefaultTag(parseReference(name)), name, platform, context);
  }

  /** What `from=` of a step names: its files. Throws `base-not-found`. */
  async source(wanted: WantedSource, log: (text: string) => void): Promise<SourceTree | UnknownSource> {
    const { name, state } = wanted;
    const stage = findStage(this.#plan.dockerfile.stages, name);
    if (stage !== undefined) return this.#stageFiles(wanted, stage.index);
    const context = this.#services.contexts.find(name);
    if (context?.kind === 'folder') return this.#services.folders.named(context.path, name);
    if (context?.kind === 'git') return this.#services.remotes.context(context.address);
    if (context?.kind === 'stage') return this.#stageFiles(wanted, this.#stageIndex(context.stage));
    if (context?.kind === 'layout') {
      const image = await this.#layoutImage(context, state.platform);
      if (image === null)
        return { unknown: `The image of the build context ${name} is not in the store yet.` };
      return this.#open(`the build context ${name}`, image.layers);
    }
    const reference = context?.kind === 'image' ? context.reference : withDefaultTag(parseReference(name));
    const image = await this.#services.bases.image(reference, state.platform, log);
    if (image === null)
      return { unknown: `The image ${familiarReference(reference)} is not in the store yet.` };
    return this.#open(`image ${familiarReference(reference)}`, image.layers);
  }

  async #contextBase(
    found: NamedContext,
    name: string,
    platform: Platform,
    step: PlanStep,
    context: StepContext,
  ): Promise<StageBase> {
    switch (found.kind) {
      case 'stage':
        return this.#stageBase(step, this.#stageIndex(found.stage), platform);
      case 'image':
        return this.#imageBase(
          step.stage,
          found.reference,
          familiarReference(found.reference),
          platform,
          context,
        );
      case 'layout': {
        const image = await this.#layoutImage(found, platform);
        const fields = { platform: JSON.stringify(platform), reference: name };
        if (image === null)
          return this.#unfetched(fields, platform, `The image of the build context ${name}`);
        const state = imageState(image, withDefaultTag(parseReference('layout')), platform);
        return begin(
          { ...state, base: null },
          { ...fields, base: image.digest },
          image.config.config.onBuild,
        );
      }
      case 'folder':
        return filesBase(await this.#services.folders.named(found.path, name), platform, context);
      case 'git': {
        const tree = await this.#services.remotes.context(found.address);
        if (!('unknown' in tree)) return filesBase(tree, platform, context);
        const fields = { platform: JSON.stringify(platform), reference: name };
        return { ...begin(unknownState(platform), fields), unknown: tree.unknown };
      }
    }
  }

  async #stageBase(step: PlanStep, index: number, platform: Platform): Promise<StageBase> {
    const result = await this.#wait(step, index);
    const fields = { platform: JSON.stringify(platform), stage: result.state.chain ?? 'unknown' };
    const triggers = result.state.runtime.onBuild;
    return { ...begin(stageBaseState(result.state), fields, triggers), rebuiltBy: result.rebuiltBy };
  }

  async #imageBase(
    stage: PlanStage,
    reference: Reference,
    name: string,
    platform: Platform,
    context: StepContext,
  ): Promise<StageBase> {
    const fields = { platform: JSON.stringify(platform), reference: name };
    const image = await this.#services.bases.image(reference, platform, (text) => context.log(text));
    if (image === null) return this.#unfetched(fields, platform, `The base image ${name}`);
    // What the image that is built begins with is needed whatever the steps do: it comes while they are at work.
    if (this.#services.mayFetch && this.#inImage.has(stage.index)) this.#services.bases.start(image);
    const state = imageState(image, reference, platform);
    return begin(state, { ...fields, base: image.digest }, image.config.config.onBuild);
  }

  /** The files of layers as a source; those of a base may have to be pulled for it, which a prediction does not. */
  async #open(title: string, layers: StageState['layers']): Promise<SourceTree | UnknownSource> {
    const { bases, mayFetch, openStack } = this.#services;
    if (mayFetch || (await bases.canList(layers))) return openStack(title, layers);
    return { unknown: `What ${title} holds is known once the layers of its base image are pulled.` };
  }

  async #layoutImage(
    layout: Extract<NamedContext, { kind: 'layout' }>,
    platform: Platform,
  ): Promise<BaseImage | null> {
    const { store, mayFetch } = this.#services;
    const digest = await findInLayout(layout, platform);
    const record = mayFetch ? await takeFromLayout(store, layout, digest) : await store.images.get(digest);
    if (record === null) return null;
    const config = parseConfig(await store.content.read(record.configDigest));
    return { digest: record.digest, layers: record.layers, config };
  }

  async #stageFiles({ step, name, paths }: WantedSource, index: number): Promise<SourceTree | UnknownSource> {
    const { state, rebuiltBy } = await this.#wait(step, index);
    if (state.chain !== null) {
      const own = paths === undefined ? null : await this.#settledIn(state, `stage ${name}`, paths);
      return own ?? this.#open(`stage ${name}`, state.layers);
    }
    return {
      unknown: `Stage ${name} will be rebuilt (${rebuiltBy ?? 'its base is not known'}); if it gives the same files, this step is taken from the cache after all.`,
    };
  }

  /** The layers of the stage alone, where its base is not known and need not be; null else. */
  async #settledIn(
    { layers, baseLayers }: StageState,
    title: string,
    paths: readonly string[],
  ): Promise<SourceTree | null> {
    const { bases, openStack } = this.#services;
    const own = layers.slice(baseLayers);
    if (own.length === 0 || (await bases.isListed(layers)) || !(await bases.isListed(own))) return null;
    const tree = await openStack(title, own);
    return areSettled(tree, paths) ? tree : null;
  }

  #stageIndex(name: string): number {
    const stage = findStage(this.#plan.dockerfile.stages, name);
    if (stage !== undefined) return stage.index;
    throw new AppError('invalid-input', `There is no stage "${name}" for a build context to stand for.`, {
      hint: 'Check the --build-context that has target:.',
    });
  }

  #unfetched(fields: StageBase['fields'], platform: Platform, what: string): StageBase {
    const unknown = this.#services.pull
      ? `${what} may have moved: that is seen only when its registry is asked.`
      : `${what} is not in the store; it will be fetched.`;
    return { ...begin(unknownState(platform), fields), unknown };
  }

  #platformOf(stage: PlanStage): Platform {
    const { from } = stage.stage;
    const { platform, globalArgs } = this.#services;
    if (from.flags.platform === undefined) return platform;
    const text = expandFromWord(this.#plan.dockerfile, from, from.flags.platform, globalArgs);
    return text === '' ? platform : parseBuildPlatform(text);
  }
}

/** A stage that begins with files of a build context. */
async function filesBase(tree: SourceTree, platform: Platform, context: StepContext): Promise<StageBase> {
  const { digest, ...made } = await folderLayer(tree, context);
  const fields = { platform: JSON.stringify(platform), sources: digest };
  return { ...begin(scratchState(platform), fields), made };
}

function begin(state: StageState, fields: StageBase['fields'], triggers: readonly string[] = []): StageBase {
  return { state, rebuiltBy: null, fields, triggers };
}
