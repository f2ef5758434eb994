import { useState } from 'react';
import type { Remote } from '#renderer/store/remote.ts';
import type { TagMoving } from '#renderer/store/transfers-slice.ts';
import type { PushCheck } from '#shared/contract/registries.ts';
import { mayPush, wouldMove } from './push-rule.ts';

/** What {@link useTagMove} gives. */
export interface TagMove {
  /** The tag leaves what it names there on purpose. */
  readonly mayMove: boolean;
  /** Its name as it was typed to confirm that, where the repository asks for it. */
  readonly typed: string;
  /** Nothing is in the way of the push. */
  readonly isAllowed: boolean;
  /** The push moves the tag. */
  readonly isMove: boolean;
  /** The same for the host. */
  readonly moving: TagMoving;
  onMove(mayMove: boolean): void;
  onTyped(typed: string): void;
  /** Another tag is meant now. */
  forget(): void;
}

/** The question whether a tag may leave what it named when that was said, not what somebody else pushed since. */
export function useTagMove(check: Remote<PushCheck>): TagMove {
  const [leaves, setLeaves] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const there = check.status === 'ready' && 'digest' in check.value.remote ? check.value.remote.digest : null;
  const mayMove = there !== null && leaves === there;
  const ask = (digest: string | null): void => {
    setLeaves(digest);
    setTyped('');
  };
  return {
    mayMove,
    typed,
    isAllowed: check.status === 'ready' && mayPush(check.value, mayMove, typed),
    isMove: mayMove && check.status === 'ready' && wouldMove(check.value),
    moving: {
      moveTag: mayMove,
      ...(mayMove ? { movesFrom: there } : {}),
      ...(typed === '' ? {} : { confirmName: typed.trim() }),
    },
    onMove: (move) => ask(move ? there : null),
    onTyped: setTyped,
    forget: () => ask(null),
  };
}
