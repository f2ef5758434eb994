import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { findEngine } from './find-engine.ts';
import type { HostContext } from './host-context.ts';

/** Implements `tags`. */
export function tagsApi(context: HostContext) {
  const { tags, tagSources, changes } = context;
  const os = implement(contract.tags);
  return {
    source: os.source.handler(async ({ input, signal }) => {
      const { summary } = await findEngine(context, input.engine).images.get(input.ref, signal);
      return tagSources.find(summary.id, signal);
    }),
    journal: os.journal.handler(({ input }) => tags.list(input)),
    rollBack: os.rollBack.handler(async ({ input, signal }) => {
      const move = await tags.rollBack(input.entryId, { confirmName: input.confirmName, signal });
      if (move.host === null) changes.emit({ topic: 'images', engine: 'builtin' });
      return move;
    }),
  };
}
