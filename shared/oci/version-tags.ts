import semver from 'semver';

/**
 * The next patch, minor and major version after a tag that is a full version, none of them taken; a leading `v` and a
 * suffix after `-` are kept (`v1.4.2-alpine` leads to `v1.4.3-alpine`). Empty for other tags.
 */
export function nextVersions(tag: string, taken: readonly string[]): string[] {
  const found = /^(v?)(\d+\.\d+\.\d+)(-[\w.-]+)?$/.exec(tag);
  const version = found?.[2] === undefined ? null : semver.parse(found[2]);
  if (found === null || version === null) return [];
  const [, prefix = '', , suffix = ''] = found;
  const isTaken = new Set(taken);
  const write = (each: string): string => `${prefix}${each}${suffix}`;
  return (['patch', 'minor', 'major'] as const).map((part) => {
    let next = semver.inc(version.version, part) ?? version.version;
    while (isTaken.has(write(next))) next = semver.inc(next, part) ?? next;
    return write(next);
  });
}

/** The tag with the highest version among full versions such as `1.4.2` or `v1.4.2-alpine`; null when there is none. */
export function newestVersionTag(tags: readonly string[]): string | null {
  let newest: { readonly tag: string; readonly version: semver.SemVer } | null = null;
  for (const tag of tags) {
    if (nextVersions(tag, []).length === 0) continue;
    const version = semver.parse(tag.replace(/^v/, ''));
    if (version !== null && (newest === null || version.compare(newest.version) > 0))
      newest = { tag, version };
  }
  return newest?.tag ?? null;
}
