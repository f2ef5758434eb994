import type { BuildAdvice } from '#shared/contract/projects.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { familiarReference, parseReference, type Reference, repositoryName } from '#shared/oci/reference.ts';

/** A named image of the store, or of a registry. */
export interface MeasuredImage {
  readonly name: string;
  /** Compressed bytes. */
  readonly bytes: number;
  /** It is at its registry and not in the store. */
  readonly isRemote?: boolean;
}

/** The base of an image that was built, and what was added to it; compressed bytes. */
export interface MeasuredBase {
  readonly name: string;
  /** Line of its FROM. */
  readonly line: number;
  readonly bytes: number;
  readonly ownBytes: number;
}

/** From here on a base without a measured alternative is worth a word. */
const LARGE = 50_000_000;
const LARGE_RATIO = 3;
/** Smaller savings are not worth another base. */
const LEAST_SAVED = 5_000_000;
const LEAST_SHARE = 0.2;
const MOST_NAMED = 3;
const SMALL_VARIANT = /(?:^|-)(?:slim|alpine|minimal|micro|distroless|static|busybox)/;

/** Whether a smaller base would do: other variants of the same version among the images of the store, by their size. */
export function adviseBase(base: MeasuredBase, images: readonly MeasuredImage[]): BuildAdvice[] {
  const reference = parseReference(base.name);
  const alternatives = images
    .filter(
      ({ name, bytes }) => isVariant(reference, parseReference(name)) && isWorth(base.bytes - bytes, base),
    )
    .sort((a, b) => a.bytes - b.bytes);
  const title = `The base ${familiarReference(reference)} weighs ${formatBytes(base.bytes)}, your own layers ${formatBytes(base.ownBytes)}`;
  const advice = { kind: 'base' as const, title, line: base.line, rebuilds: null, ms: null };
  const [smallest] = alternatives;
  if (smallest !== undefined) {
    const measured = alternatives
      .slice(0, MOST_NAMED)
      .map(
        ({ name, bytes, isRemote }) => `${name} ${formatBytes(bytes)}${isRemote ? ' (at its registry)' : ''}`,
      )
      .join(', ');
    const saved = base.bytes - smallest.bytes;
    const place = alternatives.some(({ isRemote }) => isRemote) ? 'measured' : 'in the store';
    const detail = `Smaller ones of the same repository are ${place}: ${measured}. ${smallest.name} would save ${formatBytes(saved)}, if it has all that your image needs.`;
    return [{ ...advice, detail, bytes: saved }];
  }
  if (base.bytes < LARGE || base.bytes < base.ownBytes * LARGE_RATIO) return [];
  if (SMALL_VARIANT.test(reference.tag ?? '')) return [];
  const detail =
    'No smaller one of the same repository is in the store. Measured at its registry, or pulled, a -slim or -alpine tag shows what it would save.';
  return [{ ...advice, detail, bytes: null }];
}

function isWorth(saved: number, { bytes }: MeasuredBase): boolean {
  return saved >= LEAST_SAVED && saved >= bytes * LEAST_SHARE;
}

/** The tags of small variants of a base's version, the plainest first. */
export function smallVariants(base: Reference, tags: readonly string[]): string[] {
  return tags
    .filter((tag) => SMALL_VARIANT.test(tag) && isVariant(base, { ...base, digest: undefined, tag }))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** The same repository and version, another tag: `node:22` and `node:22-slim`, `debian:bookworm` and `debian:bookworm-slim`. */
function isVariant(base: Reference, other: Reference): boolean {
  if (repositoryName(base) !== repositoryName(other) || other.tag === undefined) return false;
  const tag = base.tag ?? 'latest';
  if (other.tag === tag) return false;
  if (tag === 'latest') return SMALL_VARIANT.test(other.tag);
  const version = /^v?\d+(?:\.\d+)*/.exec(tag)?.[0];
  const rest = other.tag.startsWith(version ?? tag) ? other.tag.slice((version ?? tag).length) : null;
  return rest !== null && (rest === '' || /^[.-]/.test(rest));
}
