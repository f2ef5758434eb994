import { toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { RateLimit } from '#shared/contract/registries.ts';
import { askLimit } from './ask-limit.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** The repositories that one registry lists, as far as they were asked for. */
export interface CatalogSlice {
  readonly host: string;
  readonly repositories: Remote<readonly string[]>;
  /** There are more to ask for. */
  readonly hasMore: boolean;
  /** Why the next page could not be had. */
  readonly moreError: ErrorView | null;
  readonly search: string;
  /** Pulls that the registry still allows, null where it does not tell. */
  readonly limit: RateLimit | null;
  open(host: string): Promise<void>;
  reload(): Promise<void>;
  /** Asks for the next page; nothing while it comes or when all are here. */
  loadMore(): Promise<void>;
  /** Looks among all repositories: the rest of them is asked for. */
  setSearch(search: string): void;
}

/** Makes the catalog slice. */
export const createCatalogSlice: SliceCreator<CatalogSlice> = (tools) => {
  const lists = createLoader();
  let next: string | null = null;
  // Pages of a registry that is no longer shown are dropped.
  let current = new AbortController();
  let isLoading = false;

  const load = async (fresh: boolean): Promise<void> => {
    current.abort();
    current = new AbortController();
    isLoading = false;
    const { host } = tools.own();
    tools.set({ moreError: null });
    await lists.load<readonly string[]>(
      tools.own().repositories,
      async (signal) => {
        const page = await tools.client.registries.repositories({ host }, { signal });
        next = page.next;
        return page.repositories;
      },
      (repositories) =>
        tools.set({ repositories, hasMore: repositories.status === 'ready' && next !== null }),
      { fresh },
    );
    const limit = await askLimit(tools, host, current.signal);
    if (tools.own().host === host) tools.set({ limit });
  };
  const loadMore = async (): Promise<void> => {
    const { repositories, host } = tools.own();
    const { signal } = current;
    if (isLoading || next === null || repositories.status !== 'ready') return;
    isLoading = true;
    try {
      const page = await tools.client.registries.repositories({ host, after: next }, { signal });
      if (signal.aborted) return;
      next = page.next;
      const value = [...new Set([...repositories.value, ...page.repositories])];
      tools.set({ repositories: { status: 'ready', value }, hasMore: next !== null, moreError: null });
    } catch (error) {
      if (!signal.aborted) tools.set({ moreError: toErrorView(error) });
    } finally {
      if (!signal.aborted) isLoading = false;
    }
  };
  const loadRest = async (): Promise<void> => {
    const { host } = tools.own();
    while (tools.own().hasMore && tools.own().search !== '' && tools.own().host === host) {
      await loadMore();
      if (tools.own().moreError !== null || isLoading) return;
    }
  };

  return {
    host: '',
    repositories: IDLE,
    hasMore: false,
    moreError: null,
    search: '',
    limit: null,
    open: (host) => {
      if (tools.own().host === host) return load(false);
      next = null;
      tools.set({ host, search: '', hasMore: false, limit: null, repositories: IDLE });
      return load(true);
    },
    reload: () => load(false),
    loadMore,
    setSearch: (search) => {
      tools.set({ search });
      if (search !== '') void loadRest();
    },
  };
};
