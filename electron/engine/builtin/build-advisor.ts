import { resolve } from 'node:path';
import type { BuildDetail } from '#shared/contract/builds.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { samePlatform } from '#shared/oci/platform.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import type { Dockerfile, Stage } from '../../build/dockerfile/ast.ts';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import { loadDockerfile } from '../../build/load-dockerfile.ts';
import { findStage, findStageByName } from '../../build/plan/build-plan.ts';
import { expandFromWord, globalArguments, platformArguments } from '../../build/plan/build-variables.ts';
import { type AdviceInput, adviseBuild, BUILDS_LOOKED_AT } from '../../insight/build-advice/advise-build.ts';
import type { MeasuredBase, MeasuredImage } from '../../insight/build-advice/base-advice.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import { findImage } from '../../store/find-image.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { referenceOf } from '../../store/names.ts';
import type { Store } from '../../store/store.ts';
import type { BuildAdvisor, BuildRecords } from '../ports.ts';
import { createImageInsight } from './image-insight.ts';

/** Measures smaller variants of a base at its registry. */
type MeasureVariants = (base: string, signal?: AbortSignal) => Promise<MeasuredImage[]>;

/** Draws advice from the build records, and from the image that the newest build left in the store. */
export function createBuildAdvisor(
  store: Store,
  records: BuildRecords,
  measure?: MeasureVariants,
): BuildAdvisor {
  return {
    advise: async ({ contextPath, dockerfile: name, measured = false }, signal) => {
      const { path, text } = await loadDockerfile(contextPath, name);
      const dockerfile = parseDockerfile(text, path);
      const last = await lastBuilds(records, contextPath, path);
      const built = await newestImage(store, last);
      if (built === null) return adviseBuild({ dockerfile, records: last, image: null, images: [] });
      const { record, image } = built;
      const { advice } = await createImageInsight(store).waste(image.digest, signal);
      const own = advice.filter(({ layer }) => layer === null || layer >= image.baseLayers);
      const input: AdviceInput['image'] = {
        advice: own,
        layers: image.layers.map(({ digest }) => digest),
        base: measureBase(dockerfile, record, image),
      };
      const images = await namedImages(store, image);
      if (measured && input.base !== null) images.push(...((await measure?.(input.base.name, signal)) ?? []));
      return adviseBuild({ dockerfile, records: last, image: input, images });
    },
  };
}

/** The last ended builds of one Dockerfile of one folder, newest first. */
async function lastBuilds(
  records: BuildRecords,
  contextPath: string,
  dockerfilePath: string,
): Promise<BuildDetail[]> {
  const root = resolve(contextPath);
  const builds: BuildDetail[] = [];
  for (const { id, contextPath: folder, state } of await records.list({})) {
    if (builds.length === BUILDS_LOOKED_AT) break;
    if (state === 'running' || resolve(folder) !== root) continue;
    const build = await records.get(id).catch(nullWhenGone);
    if (build === null) continue;
    const { dockerfile } = build.options;
    const names = dockerfile ? [dockerfile] : ['Dockerfile', 'dockerfile'];
    if (names.some((name) => resolve(root, name) === dockerfilePath)) builds.push(build);
  }
  return builds;
}

/** The newest build whose image is still in the store. */
async function newestImage(
  store: Store,
  builds: readonly BuildDetail[],
): Promise<{ record: BuildDetail; image: ImageRecord } | null> {
  for (const record of builds) {
    if (record.state !== 'done' || record.engine !== 'builtin' || record.digest === null) continue;
    const image = await findImage(store, record.digest).catch(nullWhenGone);
    if (image !== null) return { record, image };
  }
  return null;
}

function nullWhenGone(error: unknown): null {
  if (error instanceof AppError && error.code === 'not-found') return null;
  throw error;
}

/** The image that the target of the build stands on, null when it stands on scratch. */
function measureBase(
  dockerfile: Dockerfile,
  { options }: BuildDetail,
  image: ImageRecord,
): MeasuredBase | null {
  const target = options.target ? findStage(dockerfile.stages, options.target) : dockerfile.stages.at(-1);
  if (target === undefined || image.baseLayers === 0) return null;
  const platforms = platformArguments(image.platform, hostPlatform(), options.target || 'default');
  const globals = globalArguments(dockerfile, platforms, new Map(Object.entries(options.buildArgs)));
  const baseOf = (stage: Stage) => expandFromWord(dockerfile, stage.from, stage.from.image, globals);
  let stage = target;
  for (let below: Stage | undefined = stage; below !== undefined; ) {
    stage = below;
    below = findStageByName(dockerfile.stages.slice(0, stage.index), baseOf(stage));
  }
  const sum = (layers: ImageRecord['layers']) => layers.reduce((total, { size }) => total + size, 0);
  return {
    name: baseOf(stage),
    line: stage.from.range.line,
    bytes: sum(image.layers.slice(0, image.baseLayers)),
    ownBytes: sum(image.layers.slice(image.baseLayers)),
  };
}

/** Every name of an image for the same platform, with its bytes. */
async function namedImages(store: Store, { platform }: ImageRecord): Promise<MeasuredImage[]> {
  const images = new Map((await store.images.list()).map((image) => [image.digest, image]));
  return (await store.names.list()).flatMap((name) => {
    const image = images.get(name.digest);
    if (image === undefined || !samePlatform(image.platform, platform)) return [];
    const bytes = image.layers.reduce((total, { size }) => total + size, 0);
    return [{ name: familiarReference(referenceOf(name)), bytes }];
  });
}
