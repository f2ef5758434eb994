import type { Change } from '#shared/contract/app.ts';
import type { Operation } from '#shared/contract/operations.ts';
import type { Broadcast } from './broadcast.ts';
import type { OperationRegistry } from './operation-registry.ts';

type Topic = Change['topic'];

/** What is different when work of a kind has begun, and when it has ended, well or not. */
const TOPICS: Readonly<Record<Operation['kind'], { begun: readonly Topic[]; ended: readonly Topic[] }>> = {
  build: { begun: ['builds', 'projects'], ended: ['builds', 'projects', 'images', 'storage'] },
  pull: { begun: [], ended: ['images', 'storage'] },
  push: { begun: [], ended: [] },
  save: { begun: [], ended: [] },
  load: { begun: [], ended: ['images', 'storage'] },
  send: { begun: [], ended: ['images'] },
  take: { begun: [], ended: ['images', 'storage'] },
  read: { begun: [], ended: [] },
  prune: { begun: [], ended: ['images', 'builds', 'storage'] },
  verify: { begun: [], ended: [] },
  sample: { begun: [], ended: ['projects', 'images', 'storage'] },
};

/** Tells what long work changed, so that lists are asked for again; the answer stops it. */
export function tellOperationChanges(operations: OperationRegistry, changes: Broadcast<Change>): () => void {
  const begun = new Set<string>();
  return operations.subscribe(({ id, kind, state }) => {
    const isBeginning = state === 'running' && !begun.has(id);
    if (isBeginning) begun.add(id);
    else if (state === 'running') return;
    else begun.delete(id);
    for (const topic of isBeginning ? TOPICS[kind].begun : TOPICS[kind].ended) changes.emit({ topic });
  });
}
