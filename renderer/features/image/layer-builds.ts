import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';
import type { LayerView } from '#shared/contract/images.ts';
import { formatDuration } from '#shared/format/duration.ts';

/** How the last build of an image came by a layer. */
export interface LayerBuild {
  readonly buildId: string;
  /** Of its Dockerfile. */
  readonly line: number;
  readonly isHit: boolean;
  /** What the step took; 0 for a hit. */
  readonly ms: number;
}

/** How each layer was made, by its index; layers of the base have no step. */
export function layerBuilds(
  layers: readonly LayerView[],
  build: Pick<BuildDetail, 'id' | 'stepList'> | undefined,
): ReadonlyMap<number, LayerBuild> {
  const found = new Map<number, LayerBuild>();
  if (build === undefined) return found;
  // The last step wins: an earlier stage may have made the same layer.
  const steps = new Map<string, BuildStep>();
  for (const step of build.stepList) if (step.layer !== undefined) steps.set(step.layer, step);
  for (const layer of layers) {
    const step = steps.get(layer.digest) ?? steps.get(layer.diffId);
    if (step === undefined || (step.status !== 'hit' && step.status !== 'miss')) continue;
    const isHit = step.status === 'hit';
    found.set(layer.index, { buildId: build.id, line: step.line, isHit, ms: isHit ? 0 : step.ms });
  }
  return found;
}

/** In a word or two: "cached", "rebuilt 0.3 s". */
export function layerBuildWords({ isHit, ms }: LayerBuild): string {
  return isHit ? 'cached' : `rebuilt ${formatDuration(ms)}`;
}
