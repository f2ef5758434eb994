import type { StrataClient } from '#renderer/client/client.ts';
import { toErrorView } from '#renderer/client/failure.ts';
import type { TagMove } from '#shared/contract/tags.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** Which moves of the journal are shown: all, those of names in the store, or those at registries. */
export type JournalPlace = 'all' | 'here' | 'registries';

/** Every tag that Strata moved, and the way back. */
export interface JournalSlice {
  /** Newest first. */
  readonly moves: Remote<readonly TagMove[]>;
  /** What the tag of the move that is looked at names now; null: nothing. */
  readonly now: Remote<string | null>;
  readonly search: string;
  readonly place: JournalPlace;
  /** Asks for the whole journal the first time, then only for what is new. */
  load(): Promise<void>;
  /** Asks what the tag of a move names now: the store, or its registry by HEAD. */
  look(move: TagMove): Promise<void>;
  setSearch(search: string): void;
  setPlace(place: JournalPlace): void;
  /**
   * Lets a tag name again what it named before a move. Rejects with the host's refusal. `confirmName` is the tag, typed,
   * where its repository is marked as immutable.
   */
  rollBack(move: TagMove, confirmName?: string): Promise<void>;
}

/** As many as a person would ever look through. */
const MOST = 10_000;
/** Asked for at once, so that neither host nor page is held up by a long journal. */
const PAGE = 1000;

/** Makes the journal slice. */
export const createJournalSlice: SliceCreator<JournalSlice> = (tools) => {
  const loader = createLoader();
  const looker = createLoader();
  // Until all of it was read once, what is on show has a gap below.
  let isWhole = false;
  const load = (): Promise<void> => {
    const { moves } = tools.own();
    const known = isWhole && moves.status === 'ready' ? moves.value : [];
    const since = known[0]?.time;
    return loader.load<readonly TagMove[]>(
      moves,
      async (signal) => {
        let found: readonly TagMove[] = [];
        for (let isMore = true; isMore && found.length < MOST; ) {
          const range = { offset: found.length, limit: PAGE, ...(since === undefined ? {} : { since }) };
          const page = await tools.client.tags.journal(range, { signal });
          isMore = page.length === PAGE;
          found = joinMoves(found, page);
          // The newest are what most people look for: they need not wait for the oldest.
          if (isMore && known.length === 0 && !signal.aborted)
            tools.set({ moves: { status: 'ready', value: found } });
        }
        isWhole = !signal.aborted;
        return joinMoves(found, known);
      },
      (next) => tools.set({ moves: next }),
    );
  };
  return {
    moves: IDLE,
    now: IDLE,
    search: '',
    place: 'all',
    load,
    look: (move) =>
      looker.load<string | null>(
        tools.own().now,
        (signal) => digestNow(tools.client, move, signal),
        (now) => tools.set({ now }),
        { fresh: true },
      ),
    setSearch: (search) => tools.set({ search }),
    setPlace: (place) => tools.set({ place }),
    rollBack: async (move, confirmName) => {
      const back = await tools.client.tags.rollBack({
        entryId: move.id,
        ...(confirmName === undefined ? {} : { confirmName }),
      });
      const { toasts, images } = tools.state();
      const undo = (): void =>
        void tools
          .own()
          .rollBack(back, confirmName)
          .catch((error: unknown) => tools.state().toasts.fail(error));
      toasts.add({
        tone: 'done',
        title: back.to === null ? `${back.name} is free again` : `${back.name} names what it named before`,
        detail: back.host === null ? undefined : `at ${back.host}`,
        action: back.from === null && back.host !== null ? undefined : { label: 'Undo', run: undo },
      });
      await Promise.all([load(), back.host === null ? images.load() : undefined]);
    },
  };
};

async function digestNow(client: StrataClient, move: TagMove, signal: AbortSignal): Promise<string | null> {
  const { name, host } = move;
  if (host === null) {
    const { id } = await client.images.resolveName({ engine: 'builtin', name }, { signal });
    if (id === null) return null;
    // The journal names an image of several platforms by its index.
    return (await client.images.get({ engine: 'builtin', ref: name }, { signal })).indexDigest ?? id;
  }
  try {
    return (await client.registries.tag({ reference: name, onlyDigest: true }, { signal })).digest;
  } catch (error) {
    if (toErrorView(error).code === 'not-found') return null;
    throw error;
  }
}

/** New moves before those that were known; one that is in both counts once. */
function joinMoves(found: readonly TagMove[], known: readonly TagMove[]): readonly TagMove[] {
  const fresh = new Set(found.map(({ id }) => id));
  return [...found, ...known.filter(({ id }) => !fresh.has(id))].slice(0, MOST);
}
