import type { BuildOptions } from '#shared/contract/projects.ts';
import { canonicalReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';

/** The build options as the query of `POST /build` has them. Throws `invalid-input` for a bad tag. */
export function buildQuery(
  options: BuildOptions,
): Record<string, string | boolean | string[] | Record<string, string> | undefined> {
  const tags = options.tags.map((tag) => canonicalReference(withDefaultTag(parseReference(tag))));
  return {
    t: tags.length === 0 ? undefined : tags,
    target: options.target || undefined,
    platform: options.platform || undefined,
    nocache: options.noCache ? true : undefined,
    buildargs: Object.keys(options.buildArgs).length === 0 ? undefined : options.buildArgs,
  };
}
