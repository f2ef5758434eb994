import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { HostContext } from './host-context.ts';

/** Implements `tags`. */
export function tagsApi({ tags, changes }: HostContext) {
  const os = implement(contract.tags);
  return {
    journal: os.journal.handler(({ input }) => tags.list(input)),
    rollBack: os.rollBack.handler(async ({ input, signal }) => {
      const move = await tags.rollBack(input.entryId, { confirmName: input.confirmName, signal });
      if (move.host === null) changes.emit({ topic: 'images', engine: 'builtin' });
      return move;
    }),
  };
}
