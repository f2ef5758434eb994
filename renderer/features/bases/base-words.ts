import type { BaseUse } from '#shared/contract/bases.ts';
import { shortenDigest } from '#shared/format/shorten.ts';

/** Whether an image is worth a remark at its line: it moves by itself, or there is a newer one. */
export function isRemarkable({ state, newer }: BaseUse): boolean {
  return state === 'floating' || newer === true;
}

/** What to know of a floating image, in a sentence; null for others. */
export function floatingWords({ state, written, reference }: BaseUse): string | null {
  if (state !== 'floating') return null;
  const name = reference ?? written;
  const tag = name.slice(name.lastIndexOf(':') + 1);
  const isTagged = written.lastIndexOf(':') > written.lastIndexOf('/');
  if (!isTagged && !written.includes('$'))
    return 'No tag is written, so latest is taken, and what that names changes.';
  return `${tag} is a tag that moves: the next build may begin with something else.`;
}

/** How what is pinned or here compares with what the registry has; null while it was not asked. */
export function newerWords({ newer, registryDigest, localDigest, state }: BaseUse): string | null {
  if (registryDigest === null) return null;
  if (newer === null) return `It is not here yet; its registry has ${shortenDigest(registryDigest)}.`;
  if (!newer)
    return state === 'pinned' ? 'Its tag still names what is pinned.' : 'It is what its registry has.';
  const known = state === 'pinned' ? 'pinned' : 'here';
  const own = state === 'pinned' || localDigest === null ? '' : ` ${shortenDigest(localDigest)}`;
  return `Its registry has a newer one, ${shortenDigest(registryDigest)}, than what is ${known}${own}.`;
}

/** The digest that "pin" means for an image: of a pinned one what its tag names now; undefined: let the host choose. */
export function pinTarget({ state, registryDigest }: BaseUse): string | undefined {
  return state === 'pinned' ? (registryDigest ?? undefined) : undefined;
}

/** Why an image cannot be pinned now; undefined where it can. */
export function pinObstacle(use: BaseUse): string | undefined {
  if (!use.pinnable) return use.problem ?? 'It is pinned, and has no tag that could name something newer.';
  if (use.state !== 'pinned') return undefined;
  if (use.newer === true) return undefined;
  return use.newer === false
    ? 'It is pinned to what its tag names.'
    : 'It is pinned. Ask first whether there is a newer one.';
}
