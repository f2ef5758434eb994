import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseBuildPlatforms } from '#shared/oci/build-platforms.ts';
import { canonicalReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';

/** The build options as the query of `POST /build` has them. Throws `invalid-input` for a bad tag, `unsupported`. */
export function buildQuery(
  options: BuildOptions,
): Record<string, string | boolean | string[] | Record<string, string> | undefined> {
  const { labels = {} } = options;
  if (parseBuildPlatforms(options.platform).length > 1) {
    throw new AppError('unsupported', 'Only the built-in engine builds for several platforms at once.', {
      hint: 'Choose the built-in engine, or one platform.',
    });
  }
  if (options.reproducible === true) {
    throw new AppError('unsupported', 'Only the built-in engine makes a whole image reproducible.', {
      hint: 'Choose the built-in engine, or switch it off; the build argument SOURCE_DATE_EPOCH still fixes the time of the image.',
    });
  }
  const tags = options.tags.map((tag) => canonicalReference(withDefaultTag(parseReference(tag))));
  return {
    t: tags.length === 0 ? undefined : tags,
    target: options.target || undefined,
    platform: options.platform || undefined,
    nocache: options.noCache ? true : undefined,
    pull: options.pull === true ? true : undefined,
    labels: Object.keys(labels).length === 0 ? undefined : labels,
    buildargs: Object.keys(options.buildArgs).length === 0 ? undefined : options.buildArgs,
  };
}
