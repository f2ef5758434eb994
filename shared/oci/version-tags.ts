import semver from 'semver';

/** A tag that is a version: `v1.4.2-rc.1-alpine`, `1.4`, `1`. */
interface VersionTag {
  /** `v` or nothing. */
  readonly prefix: string;
  /** One to three numbers, the major one first. */
  readonly numbers: readonly number[];
  /** `rc` of `-rc.1`; null for a release. */
  readonly pre: { readonly label: string; readonly dot: string; readonly count: number } | null;
  /** What else follows, with its dash: `-alpine`. */
  readonly variant: string;
}

const VERSION = /^(v?)(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?(?:\.(0|[1-9]\d*))?(-[\w.-]+)?$/;
const PRE_RELEASE = /^-(alpha|beta|rc|pre|preview|dev|next)(?:(\.?)(\d+))?(?=-|$)/i;
/** More digits in front are a date or a build number. */
const LONGEST_MAJOR = 9999;

/**
 * The versions that follow a tag, none of them taken: next patch, minor and major of `1.4.2`, next minor and major of
 * `1.4`, the next of `1`; of a pre-release (`1.5.0-rc.1`) the next one, its release and the minor after it. A leading `v`
 * and a variant (`1.4.2-alpine`) are kept. Empty for tags that are no versions.
 */
export function nextVersions(tag: string, taken: readonly string[]): string[] {
  const version = readVersion(tag);
  if (version === null) return [];
  const isTaken = new Set(taken);
  const free = (first: VersionTag, next: (from: VersionTag) => VersionTag): string => {
    let candidate = first;
    while (isTaken.has(writeVersion(candidate))) candidate = next(candidate);
    return writeVersion(candidate);
  };
  if (version.pre !== null) {
    const release = writeVersion({ ...version, pre: null });
    const minor = raise({ ...version, pre: null }, Math.min(1, version.numbers.length - 1));
    const further = free(minor, (from) => raise(from, Math.min(1, from.numbers.length - 1)));
    return [
      free(raisePre(version), raisePre),
      ...(isTaken.has(release) ? [] : [release]),
      ...(further === release ? [] : [further]),
    ];
  }
  return version.numbers
    .map((_, place) => free(raise(version, place), (from) => raise(from, place)))
    .reverse();
}

/**
 * The tag with the highest version; full ones such as `1.4.2` or `v1.4.2-alpine` before `1.4`, and that before `1`, since
 * those name what the full one does. Null where none is a version.
 */
export function newestVersionTag(tags: readonly string[]): string | null {
  let newest: { readonly tag: string; readonly version: VersionTag } | null = null;
  for (const tag of tags) {
    const version = readVersion(tag);
    if (version !== null && (newest === null || isHigher(version, newest.version))) newest = { tag, version };
  }
  return newest?.tag ?? null;
}

/** How many numbers a version has: 3 for `1.4.2`, 2 for `1.4`, 1 for `1`; 0 for what is no version. */
export function versionLength(tag: string): number {
  return readVersion(tag)?.numbers.length ?? 0;
}

function readVersion(tag: string): VersionTag | null {
  const found = VERSION.exec(tag);
  if (found === null) return null;
  const [, prefix = '', major, minor, patch, suffix = ''] = found;
  const numbers = [major, minor, patch].filter((part) => part !== undefined).map(Number);
  if (!numbers.every(Number.isSafeInteger) || (numbers[0] ?? 0) > LONGEST_MAJOR) return null;
  const pre = PRE_RELEASE.exec(suffix);
  if (pre === null) return { prefix, numbers, pre: null, variant: suffix };
  const [all, label = '', dot, count] = pre;
  return {
    prefix,
    numbers,
    pre: { label, dot: dot ?? '.', count: Number(count ?? 0) },
    variant: suffix.slice(all.length),
  };
}

function writeVersion({ prefix, numbers, pre, variant }: VersionTag): string {
  const middle = pre === null ? '' : `-${pre.label}${pre.dot}${pre.count}`;
  return `${prefix}${numbers.join('.')}${middle}${variant}`;
}

/** The number at a place one higher, those behind it zero. */
function raise(version: VersionTag, place: number): VersionTag {
  const numbers = version.numbers.map((value, at) => (at < place ? value : at === place ? value + 1 : 0));
  return { ...version, numbers };
}

function raisePre(version: VersionTag): VersionTag {
  const { pre } = version;
  return pre === null ? version : { ...version, pre: { ...pre, count: pre.count + 1 } };
}

function isHigher(a: VersionTag, b: VersionTag): boolean {
  if (a.numbers.length !== b.numbers.length) return a.numbers.length > b.numbers.length;
  return semver.compare(comparable(a), comparable(b)) > 0;
}

function comparable({ numbers, pre }: VersionTag): string {
  const [major = 0, minor = 0, patch = 0] = numbers;
  return `${major}.${minor}.${patch}${pre === null ? '' : `-${pre.label.toLowerCase()}.${pre.count}`}`;
}
