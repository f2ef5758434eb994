import type { PushCheck } from '#shared/contract/registries.ts';

/** Whether a push would let the tag name something else than it does now. */
export function wouldMove({ remote }: PushCheck): boolean {
  return remote.state === 'different';
}

/** Whether the tag may move without a second question: a floating one, unless its repository is immutable. */
export function mayMoveFreely({ floating, immutable }: PushCheck): boolean {
  return floating && immutable !== true;
}

/** Whether the push can begin: the tag need not move, or it was said on purpose, with its name typed where that is asked. */
export function mayPush(check: PushCheck, mayMove: boolean, typed: string): boolean {
  if (!wouldMove(check) || mayMoveFreely(check)) return true;
  return mayMove && (check.immutable !== true || typed.trim() === check.tag);
}
