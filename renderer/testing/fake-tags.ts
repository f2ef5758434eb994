import type { StrataClient } from '#renderer/client/client.ts';
import type { TagMove } from '#shared/contract/tags.ts';
import { failWith } from './fail-with.ts';
import { fakeDigest } from './fake-images.ts';

/** Invented moves of tags, newest first, a minute apart. */
export function sampleMoves(now: number, count: number): TagMove[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `move-${count - index}`,
    time: now - (index + 1) * 60_000,
    name: index % 3 === 0 ? 'ghcr.io/acme/web:1.4' : `acme/web:1.4.${count - index}`,
    host: index % 3 === 0 ? 'ghcr.io' : null,
    from: index === count - 1 ? null : fakeDigest(`move-${index + 1}`),
    to: fakeDigest(`move-${index}`),
    by: index % 3 === 0 ? 'push' : 'build',
    via: index % 2 === 0 ? 'cli' : 'app',
    user: 'ada',
  }));
}

/** An invented journal: `gone` in a digest's place is refused as a registry refuses it. */
export function createFakeTags(sample: readonly TagMove[], onChange: () => void): StrataClient['tags'] {
  let moves = [...sample];
  return {
    source: async () => ({
      folder: '/home/ada/code/web',
      git: { commit: '9c1f2d3', describe: 'v1.4.2-3-g9c1f2d3', branch: 'feature/login', isChanged: true },
    }),
    journal: async ({ since = 0, offset = 0, limit = 1000 }) =>
      moves.filter(({ time }) => time >= since).slice(offset, offset + limit),
    rollBack: async ({ entryId }) => {
      const entry = moves.find(({ id }) => id === entryId);
      if (entry === undefined || entry.from === fakeDigest('gone'))
        throw failWith({
          code: 'not-found',
          message: 'The registry does not keep that image any more.',
          hint: 'If the image is still in the store, push it again and move the tag.',
        });
      const move: TagMove = {
        ...entry,
        id: `${entryId}-back`,
        time: Date.now(),
        from: entry.to,
        to: entry.from,
        by: 'roll-back',
      };
      moves = [move, ...moves];
      onChange();
      return move;
    },
  };
}
