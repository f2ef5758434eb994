import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { isImmutable } from '#shared/oci/immutable-tags.ts';
import { familiarReference, familiarRepository, type Reference } from '#shared/oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import { headForPush } from '../registry/manifests.ts';
import { ownRepository } from '../registry/repository.ts';
import type { TagMoving } from './ports.ts';

/** When a tag at a registry may come to name something else. */
export interface TagRules extends TagMoving {
  /** Tags that are meant to move. */
  readonly floating: readonly string[];
  /** Repositories whose tags are not meant to move, see {@link isImmutable}. */
  readonly immutable: readonly string[];
}

/**
 * What a tag names at its registry now, null where it is free, once it is sure that it may come to name `wanted`. Throws
 * `tag-moved` where it names something else and is not meant to move, or not from that; and where its repository is
 * marked as immutable and its name was not typed.
 */
export async function guardTag(
  client: RegistryClient,
  target: Reference,
  wanted: string | null,
  rules: TagRules,
  signal?: AbortSignal,
): Promise<Digest | null> {
  const { tag = 'latest' } = target;
  const isFixed = isImmutable(rules.immutable, target);
  const { moveTag, movesFrom } = rules;
  const isFree = !isFixed && ((moveTag && movesFrom === undefined) || rules.floating.includes(tag));
  const there = await digestThere(client, target, tag, isFree, signal);
  if (there === null || there === wanted || isFree) return there;
  if (!moveTag) throw refusal(target, there, wanted, isFixed);
  if (movesFrom !== undefined && movesFrom !== there) throw movedMeanwhile(target, there, wanted, movesFrom);
  if (!isFixed) return there;
  if (isConfirmed(target, tag, rules.confirmName)) return there;
  throw unconfirmed(target, tag, there, wanted);
}

/** A tag that is guarded while something is sent that it is to name. */
export interface WatchedTag {
  /** What it named when it was last looked at, null where it was free. */
  readonly from: Digest | null;
  /** Looks again, right before the tag is set: another push may have been faster. Throws as {@link guardTag} does. */
  readonly beforeTag: () => Promise<void>;
}

/** Guards a tag now, and again before it is set. Throws as {@link guardTag} does. */
export async function watchTag(...asked: Parameters<typeof guardTag>): Promise<WatchedTag> {
  let from = await guardTag(...asked);
  return {
    get from() {
      return from;
    },
    beforeTag: async () => {
      from = await guardTag(...asked);
    },
  };
}

/** Where the tag may move anyway, not knowing what it names is no reason to stop: the journal alone lacks it. */
async function digestThere(
  client: RegistryClient,
  target: Reference,
  tag: string,
  isFree: boolean,
  signal: AbortSignal | undefined,
): Promise<Digest | null> {
  try {
    return (await headForPush(client, ownRepository(client, target), tag, signal))?.digest ?? null;
  } catch (error) {
    // A repository that the first push makes does not exist before it.
    const isNew = error instanceof AppError && error.code === 'not-found';
    if (isNew || (isFree && error instanceof AppError && !isCancelled(error))) return null;
    throw error;
  }
}

function isConfirmed(target: Reference, tag: string, typed: string | undefined): boolean {
  return typed === tag || typed === familiarReference({ ...target, tag, digest: undefined });
}

function refusal(target: Reference, current: string, wanted: string | null, isFixed: boolean): AppError {
  const reference = familiarReference(target);
  const own = wanted === null ? '' : ` This image is ${wanted}.`;
  const why = isFixed ? ' Tags are immutable there: the repository is marked so in Settings.' : '';
  return new AppError(
    'tag-moved',
    `${reference} already names other content there: ${current}.${own}${why}`,
    {
      hint: 'Push it as another version, or move the tag on purpose (--move-tag).',
      detail: { kind: 'tag', reference, current, wanted: wanted ?? '' },
    },
  );
}

function movedMeanwhile(
  target: Reference,
  current: string,
  wanted: string | null,
  movesFrom: string,
): AppError {
  const reference = familiarReference(target);
  return new AppError(
    'tag-moved',
    `${reference} names other content there than when its move was confirmed: ${current}, not ${movesFrom}.`,
    {
      hint: 'Somebody else moved it meanwhile. Look at what it names now, and move it on purpose again if it may leave that.',
      detail: { kind: 'tag', reference, current, wanted: wanted ?? '' },
    },
  );
}

function unconfirmed(target: Reference, tag: string, current: string, wanted: string | null): AppError {
  const reference = familiarReference(target);
  return new AppError(
    'tag-moved',
    `${reference} already names other content there, ${current}, and the tags of ${familiarRepository(target)} are marked as immutable in Settings.`,
    {
      hint: `Push it as another version. To move it after all, type its name: ${tag} (--confirm ${tag}).`,
      detail: { kind: 'tag', reference, current, wanted: wanted ?? '' },
    },
  );
}
