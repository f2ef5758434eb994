import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { BuildServices } from '../build-services.ts';
import { type CacheExport, describePlace } from './cache-address.ts';
import { exportCache, type SolvedStepRecord } from './export-cache.ts';
import type { SharedLayers } from './shared-layers.ts';

/** A build that is done, as its cache is written. */
export interface FinishedBuild {
  readonly steps: readonly SolvedStepRecord[];
  /** Label of the stage that was asked for, of each platform. */
  readonly targets: readonly string[];
  /** Of the image. */
  readonly layers: readonly LayerRecord[];
  /** Of all base images that were asked for. */
  readonly bases: readonly LayerRecord[];
  readonly shared: SharedLayers;
}

/**
 * Writes the shared caches that a build was asked for. One that cannot be written is told in the log, and the build
 * stands; only where it must not be ignored it throws what the place refused with.
 */
export async function writeCaches(
  { store, listings, caches }: BuildServices,
  wanted: readonly CacheExport[],
  build: FinishedBuild,
  { signal, log }: { readonly signal: AbortSignal; log(text: string): void },
): Promise<void> {
  const services = {
    store,
    listings,
    ensure: (layers: readonly LayerRecord[]) => build.shared.ensure(layers),
    baseIndex: (layer: LayerRecord) => build.shared.baseIndex(layer),
  };
  for (const { place, mode, ignoreError } of wanted) {
    const title = describePlace(place);
    try {
      // Who takes an image's own steps alone needs its base whole, and looks into no other one.
      const content =
        mode === 'max'
          ? { steps: build.steps, bases: build.bases }
          : { steps: stepsOfImage(build), bases: [] };
      const { steps, layers, bytes } = await exportCache(services, await caches.open(place), content, signal);
      const what = `${formatCount(steps, 'step')}, ${formatCount(layers, 'layer')}, ${formatBytes(bytes)}`;
      log(`Wrote the shared cache ${title}: ${what}.\n`);
    } catch (error) {
      if (isCancelled(error) || signal.aborted) throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (!ignoreError) throw refused(title, why, error);
      log(`Warning: the shared cache ${title} could not be written: ${why}\n`);
    }
  }
}

/** The steps whose layers are in the image, and the settings of their stages. */
function stepsOfImage({ steps, layers, targets }: FinishedBuild): readonly SolvedStepRecord[] {
  const inImage = new Set(layers.map(({ digest }) => digest));
  const isIn = ({ record: { layer } }: SolvedStepRecord) => layer !== null && inImage.has(layer.digest);
  const stages = new Set([...targets, ...steps.filter(isIn).map(({ past }) => past.stage)]);
  return steps.filter((step) => isIn(step) || (step.record.layer === null && stages.has(step.past.stage)));
}

function refused(title: string, why: string, cause: unknown): AppError {
  const { code, hint, detail } = cause instanceof AppError ? cause : { code: 'registry-error' as const };
  return new AppError(code, `The image was built, but its cache could not be written to ${title}: ${why}`, {
    hint: hint ?? 'Leave out ignore-error=false to let the build succeed all the same.',
    detail,
    cause,
  });
}
