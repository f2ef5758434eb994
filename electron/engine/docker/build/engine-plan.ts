import type { BuildOptions } from '#shared/contract/projects.ts';
import { parseBuildPlatforms } from '#shared/oci/build-platforms.ts';
import { normalizePlatform, type Platform } from '#shared/oci/platform.ts';
import { parseDockerfile } from '../../../build/dockerfile/parse.ts';
import { type BuildPlan, findStageByName, planBuild } from '../../../build/plan/build-plan.ts';
import { expandFromWord, globalArguments, platformArguments } from '../../../build/plan/build-variables.ts';

/** The plan of a build that an engine carries out. */
export interface EnginePlan {
  readonly plan: BuildPlan;
  /** For each stage, by its index, its base with variables replaced. */
  readonly bases: ReadonlyMap<number, string>;
  /** For each stage, by its index, the index of the earlier stage it stands on. */
  readonly baseStages: ReadonlyMap<number, number>;
}

/**
 * Plans a build as the engine will: the steps of the stages that the target needs. `enginePlatform` is that of
 * the engine's machine. Throws `dockerfile-invalid`, `invalid-input` for an unknown target.
 */
export function planForEngine(
  text: string,
  path: string,
  options: Pick<BuildOptions, 'buildArgs' | 'platform' | 'target'>,
  enginePlatform: Platform,
): EnginePlan {
  const dockerfile = parseDockerfile(text, path);
  const machine = normalizePlatform(enginePlatform);
  const [target = machine] = parseBuildPlatforms(options.platform);
  const platforms = platformArguments(target, machine, options.target ?? '');
  const globals = globalArguments(dockerfile, platforms, new Map(Object.entries(options.buildArgs)));
  const bases = new Map<number, string>();
  const baseStages = new Map<number, number>();
  for (const stage of dockerfile.stages) {
    const base = expandFromWord(dockerfile, stage.from, stage.from.image, globals);
    bases.set(stage.index, base);
    const earlier = findStageByName(dockerfile.stages.slice(0, stage.index), base);
    if (earlier !== undefined) baseStages.set(stage.index, earlier.index);
  }
  const plan = planBuild(dockerfile, options.target || undefined, (stage) => bases.get(stage.index) ?? '');
  return { plan, bases, baseStages };
}
