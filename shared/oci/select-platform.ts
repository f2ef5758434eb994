import { AppError } from '../errors/app-error.ts';
import type { Descriptor, ImageIndex } from './manifest.ts';
import { formatPlatform, normalizePlatform, type Platform } from './platform.ts';

const ATTESTATION = 'vnd.docker.reference.type';

/** Whether the entry of an index is BuildKit's provenance or SBOM beside an image, not an image. */
export function isAttestation(descriptor: Descriptor): boolean {
  if (descriptor.annotations?.[ATTESTATION] !== undefined) return true;
  return descriptor.platform?.os === 'unknown' && descriptor.platform.architecture === 'unknown';
}

/** The entries of an index that are images. */
export function imageDescriptors(index: ImageIndex): readonly Descriptor[] {
  return index.manifests.filter((descriptor) => !isAttestation(descriptor));
}

/**
 * The entry of an index to use on `platform`: the same variant, else the nearest lower one (arm/v7 runs arm/v6,
 * amd64/v3 runs amd64). An index with a single image that names no platform gives that image. Throws `not-found`
 * with the platforms that there are.
 */
export function selectPlatform(index: ImageIndex, platform: Platform): Descriptor {
  const images = imageDescriptors(index);
  for (const wanted of acceptable(platform)) {
    const found = images.filter((descriptor) => matches(descriptor, wanted));
    const exact = found.find((descriptor) => descriptor.platform?.osVersion === platform.osVersion);
    const chosen = exact ?? found[0];
    if (chosen !== undefined) return chosen;
  }
  const [only] = images;
  if (only !== undefined && images.length === 1 && only.platform === undefined) return only;
  throw new AppError('not-found', `The image is not there for ${formatPlatform(platform)}.`, {
    hint: `It is there for ${listPlatforms(images)}.`,
  });
}

function listPlatforms(images: readonly Descriptor[]): string {
  const names = images.map((image) =>
    image.platform ? formatPlatform(image.platform) : 'an unnamed platform',
  );
  return names.length === 0 ? 'no platform at all' : [...new Set(names)].join(', ');
}

function matches(descriptor: Descriptor, wanted: string): boolean {
  return descriptor.platform !== undefined && key(descriptor.platform) === wanted;
}

function key(platform: Platform): string {
  return formatPlatform(normalizePlatform(platform));
}

/** What runs on a platform, best first. */
function acceptable(platform: Platform): readonly string[] {
  const { os, architecture, variant } = normalizePlatform(platform);
  const level = Number(/^v(\d+)/.exec(variant ?? '')?.[1] ?? Number.NaN);
  const lowest = { arm: 5, arm64: 8, amd64: 1 }[architecture];
  const variants = [variant];
  if (lowest !== undefined && !Number.isNaN(level))
    for (let lower = level - 1; lower >= lowest; lower--) variants.push(`v${lower}`);
  return variants.map((each) => key({ os, architecture, variant: each }));
}
