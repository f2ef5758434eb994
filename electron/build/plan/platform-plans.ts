import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseBuildPlatform, parseBuildPlatforms } from '#shared/oci/build-platforms.ts';
import { formatPlatform, type Platform } from '#shared/oci/platform.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import type { Dockerfile, Stage } from '../dockerfile/ast.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import type { NamedContexts } from '../inputs/named-contexts.ts';
import { type BuildPlan, findStageByName, type PlanStage, planBuild } from './build-plan.ts';
import { expandFromWord, globalArguments, platformArguments } from './build-variables.ts';

/** What is to be done for one platform of a build. */
export interface PlatformPlan {
  readonly platform: Platform;
  /** ARGs before the first FROM and the platform's, with their values. */
  readonly globalArgs: ReadonlyMap<string, string>;
  readonly plan: BuildPlan;
}

/**
 * One plan for each platform that the options name, by default for this machine's; the steps are counted through all
 * of them. Throws `invalid-input` for what is no platform or no stage, `dockerfile-invalid`.
 */
export function planPlatforms(
  dockerfile: Dockerfile,
  options: Pick<BuildOptions, 'platform' | 'target'>,
  buildArgs: ReadonlyMap<string, string>,
  contexts: NamedContexts,
): readonly PlatformPlan[] {
  const machine = hostPlatform();
  const given = parseBuildPlatforms(options.platform);
  const platforms = given.length === 0 ? [machine] : given;
  const plans: PlatformPlan[] = [];
  let firstIndex = 0;
  for (const platform of platforms) {
    const args = platformArguments(platform, machine, options.target || 'default');
    const globalArgs = globalArguments(dockerfile, args, buildArgs);
    const expandFrom = (stage: Stage) => expandFromWord(dockerfile, stage.from, stage.from.image, globalArgs);
    const label = platforms.length > 1 ? formatPlatform(platform) : null;
    const plan = planBuild(dockerfile, options.target, expandFrom, { contexts, platform: label, firstIndex });
    for (const stage of plan.stages) stagePlatform({ platform, globalArgs, plan }, stage);
    firstIndex += plan.steps.length;
    plans.push({ platform, globalArgs, plan });
  }
  return plans;
}

/** What a stage is built for: what its FROM says, else what the stage that it stands on is. Throws `invalid-input`. */
export function stagePlatform({ platform, globalArgs, plan }: PlatformPlan, { stage }: PlanStage): Platform {
  const { from, index } = stage;
  const { dockerfile } = plan;
  const flag = from.flags.platform;
  const text = flag === undefined ? '' : expandFromWord(dockerfile, from, flag, globalArgs);
  if (text !== '') {
    try {
      return parseBuildPlatform(text);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw sourceError({ path: dockerfile.path, range: from.range }, error.message, error.hint);
    }
  }
  const base = expandFromWord(dockerfile, from, from.image, globalArgs);
  const below = findStageByName(dockerfile.stages.slice(0, index), base);
  const planned = below === undefined ? undefined : plan.all[below.index];
  return planned === undefined ? platform : stagePlatform({ platform, globalArgs, plan }, planned);
}
