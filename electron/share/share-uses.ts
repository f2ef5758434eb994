import type { ShareUse } from '#shared/contract/share.ts';

/** Uses that are remembered. */
const KEPT = 50;
/** Within so many ms the requests of a tool for one repository belong to one pull. */
const ONE_PULL_MS = 30_000;

/**
 * The uses with one more, newest first. A pull asks for a tag, then by digest for what it leads to, and a push sends the
 * parts of a list by digest before the tag: such requests of one tool are told as one use, by the tag.
 */
export function addUse(uses: readonly ShareUse[], use: ShareUse): readonly ShareUse[] {
  const before = uses.find(
    (each) =>
      each.act === use.act &&
      each.client === use.client &&
      each.repository === use.repository &&
      use.at - each.at < ONE_PULL_MS,
  );
  if (before === undefined || use.act === 'untag') return [use, ...uses].slice(0, KEPT);
  const isPart = use.selector.includes(':');
  const joins = isPart || before.selector === use.selector || before.selector.includes(':');
  if (!joins) return [use, ...uses].slice(0, KEPT);
  const joined = isPart ? { ...before, at: use.at } : use;
  return [joined, ...uses.filter((each) => each !== before)];
}
