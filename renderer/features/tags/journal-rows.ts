import type { JournalPlace } from '#renderer/store/journal-slice.ts';
import type { TagMove, TagMover } from '#shared/contract/tags.ts';

const MOVERS: Readonly<Record<TagMover, string>> = {
  build: 'built',
  tag: 'tagged',
  untag: 'tag removed',
  remove: 'image removed',
  pull: 'pulled',
  load: 'loaded',
  push: 'pushed',
  copy: 'copied',
  share: 'pushed to the share',
  delete: 'deleted',
  'roll-back': 'rolled back',
};

/** What moved a tag, in a word or two. */
export function moverWords({ by }: Pick<TagMove, 'by'>): string {
  return MOVERS[by];
}

/** Who moved a tag, and with what: "ada, command line"; empty where it was not written down. */
export function authorWords({ via, user }: Pick<TagMove, 'via' | 'user'>): string {
  const tool = via === 'cli' ? 'command line' : via === 'app' ? 'app' : undefined;
  return [user, tool].filter((part) => part !== undefined).join(', ');
}

/** Whether a move can be taken back: at a registry a tag that was free before stays, see the journal's roll back. */
export function canRollBack({ host, from }: Pick<TagMove, 'host' | 'from'>): boolean {
  return host === null || from !== null;
}

/** The moves of a place that hold every word of the search, in a name, a digest, the registry or what did it. */
export function findMoves(
  moves: readonly TagMove[],
  search: string,
  place: JournalPlace,
): readonly TagMove[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && place === 'all') return moves;
  return moves.filter((move) => {
    if (place !== 'all' && (move.host === null) !== (place === 'here')) return false;
    const { name, host, from, to } = move;
    const all = [name, host ?? 'this store', from, to, moverWords(move), authorWords(move)];
    const text = all.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
