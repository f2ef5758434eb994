import type { BuildDetail } from '#shared/contract/builds.ts';
import type { BuildAdvice } from '#shared/contract/projects.ts';
import type { Dockerfile } from '../../build/dockerfile/ast.ts';
import type { Advice } from '../advice.ts';
import { adviseBase, type MeasuredBase, type MeasuredImage } from './base-advice.ts';
import { adviseOrder } from './order-advice.ts';
import { adviseRuns } from './run-advice.ts';

/** How many of the last builds are looked at. */
export const BUILDS_LOOKED_AT = 20;

/** What advice is drawn from. */
export interface AdviceInput {
  readonly dockerfile: Dockerfile;
  /** The last builds of this Dockerfile, newest first, at most {@link BUILDS_LOOKED_AT}. */
  readonly records: readonly BuildDetail[];
  /** What is known of the image that the newest whole build gave; null when it is not in the store. */
  readonly image: {
    /** Of its own layers, as `findAdvice` tells it; `layer` counts from the oldest. */
    readonly advice: readonly Advice[];
    /** Digests of its layers, oldest first. */
    readonly layers: readonly string[];
    readonly base: MeasuredBase | null;
  } | null;
  /** Named images of the store of the same platform. */
  readonly images: readonly MeasuredImage[];
}

/** What would make builds faster or the image smaller: what cost most time first, then what saves most bytes. */
export function adviseBuild({ dockerfile, records, image, images }: AdviceInput): BuildAdvice[] {
  const found = [
    ...adviseOrder(dockerfile, records),
    ...adviseRuns(dockerfile, records),
    ...(image?.base === null || image === null ? [] : adviseBase(image.base, images)),
    ...(image?.advice ?? []).map((advice) => placeAdvice(advice, image?.layers ?? [], records)),
  ];
  return found.sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0) || (b.bytes ?? 0) - (a.bytes ?? 0));
}

/** Advice on a layer, with the line whose step made the layer. */
function placeAdvice(
  { title, detail, bytes, layer }: Advice,
  layers: readonly string[],
  records: readonly BuildDetail[],
): BuildAdvice {
  const digest = layer === null ? undefined : layers[layer];
  const step =
    digest === undefined
      ? undefined
      : records.flatMap(({ stepList }) => stepList).find((each) => each.layer === digest);
  return { kind: 'image', title, detail, line: step?.line ?? null, rebuilds: null, ms: null, bytes };
}
