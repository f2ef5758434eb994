import { toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { RateLimit, RemoteTag } from '#shared/contract/registries.ts';
import { familiarRepository, parseReference } from '#shared/oci/reference.ts';
import { askLimit } from './ask-limit.ts';
import { rememberRepository } from './recent-repositories.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';
import { WantedQueue } from './wanted-queue.ts';

/** The tags of one repository at a registry; what each names is asked for while its row is in view. */
export interface RemoteTagsSlice {
  /** `ghcr.io/acme/web`, with its registry also for Docker Hub. */
  readonly repository: string;
  readonly host: string;
  /** Highest versions first, as far as they were asked for. */
  readonly tags: Remote<readonly string[]>;
  /** How many there are for this search. */
  readonly total: number;
  readonly moreError: ErrorView | null;
  readonly search: string;
  /** What tags name, by tag. */
  readonly facts: Readonly<Record<string, Remote<RemoteTag>>>;
  /** Pulls that the registry still allows, null where it does not tell. */
  readonly limit: RateLimit | null;
  /** Sizes, platforms and ages are read too, although the registry may count that as pulls. */
  readonly readsAll: boolean;
  open(repository: string): Promise<void>;
  reload(): Promise<void>;
  loadMore(): Promise<void>;
  setSearch(search: string): void;
  /** The row of a tag came into view. */
  want(tag: string): void;
  /** It left. */
  drop(tag: string): void;
  /** From now on sizes, platforms and ages are read too. */
  readAll(): void;
  /** Deletes a tag, or its image with every tag of it; rejects with the registry's refusal. */
  remove(reference: string, options: { byDigest: boolean; confirmName?: string | undefined }): Promise<void>;
}

const ASKED_AT_ONCE = 6;
const SEARCH_PAUSE = 150;
/** Milliseconds. */
const TOGETHER = 40;

/** Makes the slice of a repository's tags. */
export const createRemoteTagsSlice: SliceCreator<RemoteTagsSlice> = (tools) => {
  const lists = createLoader();
  let next: string | null = null;
  let pages = new AbortController();
  let isLoading = false;
  // Nothing of this repository has come yet, not even whether its registry counts: a search may begin before that.
  let isNew = true;
  let searchTimer: ReturnType<typeof setTimeout> | undefined;

  // Answers come one by one while rows fly past: those of a moment are drawn together.
  let told: Record<string, Remote<RemoteTag>> = {};
  let telling: ReturnType<typeof setTimeout> | undefined;
  const stopTelling = (): void => {
    clearTimeout(telling);
    telling = undefined;
    told = {};
  };
  const tell = (): void => {
    const facts = { ...tools.own().facts, ...told };
    stopTelling();
    tools.set({ facts });
  };
  const put = (tag: string, fact: Remote<RemoteTag>): void => {
    told[tag] = fact;
    telling ??= setTimeout(tell, TOGETHER);
  };
  const queue = new WantedQueue(async (tag, signal) => {
    const { repository, readsAll } = tools.own();
    try {
      const input = { reference: `${repository}:${tag}`, onlyDigest: !readsAll };
      const value = await tools.client.registries.tag(input, { signal });
      if (!signal.aborted) put(tag, { status: 'ready', value });
    } catch (error) {
      if (!signal.aborted) put(tag, { status: 'failed', error: toErrorView(error) });
    }
  }, ASKED_AT_ONCE);

  const forget = (): void => {
    queue.clear();
    stopTelling();
  };

  const load = async (): Promise<void> => {
    pages.abort();
    pages = new AbortController();
    isLoading = false;
    tools.set({ moreError: null });
    const { repository, search, host } = tools.own();
    const query = search.trim();
    await lists.load<readonly string[]>(
      tools.own().tags,
      async (signal) => {
        const input = { repository, ...(query === '' ? {} : { query }) };
        const page = await tools.client.registries.tags(input, { signal });
        // Known before the rows are drawn and ask what they name: a registry that counts is asked sparingly.
        if (isNew) {
          const limit = await askLimit(tools, host, signal);
          if (!signal.aborted) {
            isNew = false;
            tools.set({ limit, readsAll: limit === null && host !== 'docker.io' });
          }
        }
        next = page.next;
        tools.set({ total: page.total });
        return page.tags;
      },
      (tags) => {
        tools.set({ tags });
        if (tags.status === 'ready') rememberRepository(repository);
      },
      { fresh: isNew },
    );
  };

  return {
    repository: '',
    host: '',
    tags: IDLE,
    total: 0,
    moreError: null,
    search: '',
    facts: {},
    limit: null,
    readsAll: false,
    open: (name) => {
      const { domain, path } = parseReference(name);
      const repository = `${domain}/${path}`;
      if (tools.own().repository === repository) return load();
      forget();
      clearTimeout(searchTimer);
      next = null;
      isNew = true;
      tools.set({ repository, host: domain, search: '', facts: {}, total: 0, limit: null, readsAll: false });
      return load();
    },
    reload: () => {
      forget();
      tools.set({ facts: {} });
      return load();
    },
    loadMore: async () => {
      const { tags, repository, search } = tools.own();
      const { signal } = pages;
      if (isLoading || next === null || tags.status !== 'ready') return;
      isLoading = true;
      const query = search.trim();
      const input = { repository, after: next, ...(query === '' ? {} : { query }) };
      try {
        const page = await tools.client.registries.tags(input, { signal });
        if (signal.aborted) return;
        next = page.next;
        const value = [...new Set([...tags.value, ...page.tags])];
        tools.set({ tags: { status: 'ready', value }, total: page.total, moreError: null });
      } catch (error) {
        if (!signal.aborted) tools.set({ moreError: toErrorView(error) });
      } finally {
        if (!signal.aborted) isLoading = false;
      }
    },
    setSearch: (search) => {
      clearTimeout(searchTimer);
      tools.set({ search });
      searchTimer = setTimeout(() => void load(), SEARCH_PAUSE);
    },
    want: (tag) => {
      if (tools.own().facts[tag] === undefined && told[tag] === undefined) queue.want(tag);
    },
    drop: (tag) => queue.drop(tag),
    readAll: () => {
      // What is in view is asked for again when its rows are drawn anew.
      forget();
      tools.set({ readsAll: true, facts: {} });
    },
    remove: async (reference, { byDigest, confirmName }) => {
      const typed = confirmName === undefined ? {} : { confirmName };
      await tools.client.registries.deleteTag({ reference, byDigest, ...typed });
      const { domain, path, tag = '' } = parseReference(reference);
      // Another repository may be shown by now.
      if (tools.own().repository !== `${domain}/${path}`) return;
      tell();
      const { [tag]: _, ...facts } = tools.own().facts;
      // With an image other tags may have gone; what is listed then is asked anew.
      tools.set({ facts: byDigest ? {} : facts });
      await load();
    },
  };
};

/** The repository as people write it: without `docker.io/library/`. */
export function familiarName(repository: string): string {
  return familiarRepository(parseReference(repository));
}
