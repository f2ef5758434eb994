import type { ImageConfig } from '#shared/oci/config.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { type ConfigDifference, compareConfigs } from '../../insight/compare-images.ts';
import { compareEntries, type EntryDifference } from './compare-entries.ts';
import { likelyCause } from './likely-causes.ts';

/** An image that one of two builds of the same input gave. Layers are oldest first, one for each diffID. */
export interface VerifiedImage {
  readonly digest: string;
  readonly config: ImageConfig;
  readonly layers: readonly LayerIndex[];
}

export interface FileDifference extends EntryDifference {
  /** Why its content probably differs, null when nobody knows. */
  readonly cause: string | null;
}

/** A step whose layers differ. */
export interface StepDifference {
  /** What the history says made it. */
  readonly createdBy: string;
  /** Null: this build made no layer of it. */
  readonly diffIds: readonly [string | null, string | null];
  readonly files: readonly FileDifference[];
}

/** What two builds of the same input gave. */
export interface VerifyReport {
  /** The images are the same, byte for byte. */
  readonly equal: boolean;
  readonly digests: readonly [string, string];
  readonly steps: readonly StepDifference[];
  readonly config: readonly ConfigDifference[];
  /** Nothing but times differs, so that a reproducible build would be equal. */
  readonly onlyTimes: boolean;
}

/** Compares the images of two builds of the same input, entry by entry, times and order too. */
export function compareBuilds(first: VerifiedImage, second: VerifiedImage): VerifyReport {
  const steps = compareSteps(layersByStep(first), layersByStep(second));
  const config = [...compareConfigs(first.config, second.config), ...compareTimes(first, second)];
  const equal = first.digest === second.digest;
  const areTimes = steps.every(({ files }) =>
    files.every(({ kinds }) => kinds.every((kind) => kind === 'time')),
  );
  const onlyTimes = !equal && areTimes && config.every(({ field }) => field.startsWith('created'));
  return { equal, digests: [first.digest, second.digest], steps, config, onlyTimes };
}

interface StepLayer {
  readonly createdBy: string;
  readonly layer: LayerIndex | null;
}

/** The layer of each line of the history; where the history does not tell, the layers by themselves. */
function layersByStep({ config, layers }: VerifiedImage): StepLayer[] {
  const filled = config.history.filter((entry) => entry.emptyLayer !== true);
  if (filled.length !== layers.length)
    return layers.map((layer, i) => ({ createdBy: `layer ${i + 1}`, layer }));
  let next = 0;
  return config.history.map(({ createdBy = '', emptyLayer }) => ({
    createdBy,
    layer: emptyLayer === true ? null : (layers[next++] ?? null),
  }));
}

const NO_LAYER = { entries: [] } as const;

function compareSteps(first: readonly StepLayer[], second: readonly StepLayer[]): StepDifference[] {
  const count = Math.max(first.length, second.length);
  return Array.from({ length: count }, (_, i) => [first[i], second[i]] as const).flatMap(([a, b]) => {
    const [before, after] = [a?.layer ?? null, b?.layer ?? null];
    if (before?.diffId === after?.diffId) return [];
    const files = compareEntries(before ?? emptyLike(after), after ?? emptyLike(before)).map(
      (difference) => ({
        ...difference,
        cause: difference.kinds.includes('content') ? likelyCause(difference.path) : null,
      }),
    );
    const createdBy = a?.createdBy ?? b?.createdBy ?? '';
    return [{ createdBy, diffIds: [before?.diffId ?? null, after?.diffId ?? null] as const, files }];
  });
}

/** A layer without entries, to compare with one that only one build made. */
function emptyLike(other: LayerIndex | null): LayerIndex {
  if (other === null) throw new TypeError('Two missing layers are equal.');
  return { ...other, ...NO_LAYER };
}

/** When the image and its steps say that they were made, and what the history says of them. */
function compareTimes({ config: a }: VerifiedImage, { config: b }: VerifiedImage): ConfigDifference[] {
  const found: ConfigDifference[] = [];
  const note = (field: string, before: string | undefined, after: string | undefined) => {
    if (before !== after) found.push({ field, before: before ?? null, after: after ?? null });
  };
  note('created', a.created, b.created);
  for (let i = 0; i < Math.max(a.history.length, b.history.length); i += 1) {
    const [was, is] = [a.history[i], b.history[i]];
    note(`created of step ${i + 1}`, was?.created, is?.created);
    note(`history of step ${i + 1}`, was?.createdBy, is?.createdBy);
  }
  return found;
}
