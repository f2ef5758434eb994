import { toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { FileDifference, ImageComparison, LayerView } from '#shared/contract/images.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import { REMOTE_ENGINE } from './route.ts';
import type { SliceCreator } from './slice.ts';
import { isSmall, unreadLayers } from './unread-layers.ts';

/** The views below the two stacks. */
export type ComparisonTab = 'files' | 'config' | 'history';

/** The files in which two images differ, as far as they were asked for. */
export interface Differences {
  readonly rows: readonly FileDifference[];
  /** How many there are for this search. */
  readonly total: number;
  readonly isLoading: boolean;
  readonly error: ErrorView | null;
}

/** Which two images of which engine. */
export interface ComparedPair {
  readonly engine: string;
  readonly before: string;
  readonly after: string;
}

/** An image at a registry with layers that nobody has looked into yet. */
export interface UnreadImage {
  readonly ref: string;
  readonly layers: readonly LayerView[];
}

/** The two images that the Compare screen shows. */
export interface ComparisonSlice {
  readonly pair: ComparedPair | null;
  readonly result: Remote<ImageComparison>;
  readonly differences: Differences;
  readonly search: string;
  readonly tab: ComparisonTab;
  /** Layers at registries that must be fetched first and are too large to do so unasked. */
  readonly unread: readonly UnreadImage[];
  /** The operation that fetches them, null while none does. */
  readonly reading: string | null;
  /** Fetches them, one image after the other; rejects with a refusal. */
  readUnread(): Promise<void>;
  /** A fetch has ended: goes on with the next, or with the comparison. */
  endReading(isDone: boolean): Promise<void>;
  /** Compares two images, also when it did so before. */
  open(pair: ComparedPair): Promise<void>;
  /** Compares the same two again. */
  reload(): Promise<void>;
  /** Asks for the next files; nothing while they come or when all are here. */
  loadMore(): Promise<void>;
  setSearch(search: string): void;
  setTab(tab: ComparisonTab): void;
}

const NO_DIFFERENCES: Differences = { rows: [], total: 0, isLoading: true, error: null };
const PAGE = 500;
const SEARCH_PAUSE = 150;

/** Makes the comparison slice. */
export const createComparisonSlice: SliceCreator<ComparisonSlice> = (tools) => {
  const results = createLoader();
  // Files of a pair or search that is no longer shown are dropped.
  let current = new AbortController();
  let searchTimer: ReturnType<typeof setTimeout> | undefined;

  const loadPage = async (): Promise<void> => {
    const { signal } = current;
    const { pair, search, differences: before } = tools.own();
    if (pair === null) return;
    const put = (patch: Partial<Differences>): void => {
      if (!signal.aborted) tools.set({ differences: { ...before, isLoading: false, error: null, ...patch } });
    };
    put({ isLoading: true });
    try {
      const { rows, total } = await tools.client.images.compareFiles(
        {
          engine: pair.engine,
          a: pair.before,
          b: pair.after,
          query: search.trim(),
          offset: before.rows.length,
          limit: PAGE,
        },
        { signal },
      );
      put({ rows: [...before.rows, ...rows], total });
    } catch (error) {
      put({ error: toErrorView(error) });
    }
  };
  const restart = (): Promise<void> => {
    current.abort();
    current = new AbortController();
    tools.set({ differences: NO_DIFFERENCES });
    return loadPage();
  };
  /** What refuses here refuses the comparison too, which then tells it. */
  const askUnread = async ({ engine, before, after }: ComparedPair): Promise<readonly UnreadImage[]> => {
    const refs = engine === REMOTE_ENGINE ? [before, after].filter((ref) => !ref.startsWith('sha256:')) : [];
    const details = await Promise.all(
      refs.map((ref) =>
        tools.client.images.get({ engine, ref }).then(
          (detail) => ({ ref, layers: unreadLayers(detail) }),
          () => ({ ref, layers: [] }),
        ),
      ),
    );
    const unread = details.filter(({ layers }) => layers.length > 0);
    return isSmall(unread.flatMap(({ layers }) => layers)) ? [] : unread;
  };
  const load = async (fresh: boolean): Promise<void> => {
    const { pair } = tools.own();
    if (pair === null) return;
    if (fresh) {
      const unread = await askUnread(pair);
      if (tools.own().pair !== pair) return;
      tools.set({ unread });
      if (unread.length > 0) return;
    }
    await results.load<ImageComparison>(
      tools.own().result,
      (signal) =>
        tools.client.images.compare({ engine: pair.engine, a: pair.before, b: pair.after }, { signal }),
      (result) => tools.set({ result }),
      { fresh },
    );
    // Only then: the host works both out at once and the second question costs nothing.
    if (tools.own().pair === pair && tools.own().result.status === 'ready') await restart();
  };

  return {
    unread: [],
    reading: null,
    readUnread: async () => {
      const { pair, unread } = tools.own();
      const [first] = unread;
      if (pair === null || first === undefined) return;
      const layers = first.layers.map(({ index }) => index);
      const input = { engine: pair.engine, ref: first.ref, layers };
      const { operationId } = await tools.client.images.readLayers(input);
      tools.state().operations.watch(operationId);
      if (tools.own().pair === pair) tools.set({ reading: operationId });
    },
    endReading: async (isDone) => {
      tools.set({ reading: null });
      await load(true);
      if (isDone && tools.own().unread.length > 0) await tools.own().readUnread();
    },
    pair: null,
    result: IDLE,
    differences: NO_DIFFERENCES,
    search: '',
    tab: 'files',
    open: ({ engine, before, after }) => {
      clearTimeout(searchTimer);
      current.abort();
      const pair = { engine, before, after };
      tools.set({ pair, search: '', differences: NO_DIFFERENCES, result: IDLE, unread: [], reading: null });
      return load(true);
    },
    reload: () => load(tools.own().result.status !== 'ready'),
    loadMore: async () => {
      const { rows, total, isLoading, error } = tools.own().differences;
      if (!isLoading && (error !== null || rows.length < total)) await loadPage();
    },
    setSearch: (search) => {
      clearTimeout(searchTimer);
      tools.set({ search });
      searchTimer = setTimeout(() => void restart(), SEARCH_PAUSE);
    },
    setTab: (tab) => tools.set({ tab }),
  };
};
