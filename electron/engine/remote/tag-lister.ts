import { parseReference, repositoryName } from '#shared/oci/reference.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { ownRepository, type Repository } from '../../registry/repository.ts';
import { listTags } from '../../registry/tags.ts';

/** How long a list is taken to be what the registry has, in ms: for paging and typing, not longer. */
const FRESH_MS = 30_000;
/** Tags read at most; nobody reads on. */
const TAG_LIMIT = 200_000;
const KEPT = 4;

/** One page of the tags of a repository. */
export interface TagPage {
  readonly tags: readonly string[];
  /** Of all that match. */
  readonly total: number;
  /** The last of this page where there are more, to go on after it. */
  readonly next: string | null;
}

/**
 * The tags of repositories in an order for people: registries give them in any order and few can search, so that all are
 * read once and kept for a moment.
 */
export class TagLister {
  readonly #client: () => Promise<RegistryClient>;
  readonly #lists = new Map<string, { readonly tags: Promise<readonly string[]>; readonly at: number }>();

  constructor(client: () => Promise<RegistryClient>) {
    this.#client = client;
  }

  /** Tags that hold `query`, highest versions first, at most `limit` after the tag `after`. */
  async page(
    repository: string,
    options: { query: string; after?: string | undefined; limit: number; signal?: AbortSignal | undefined },
  ): Promise<TagPage> {
    const { query, after, limit, signal } = options;
    const wanted = query.trim().toLowerCase();
    const all = await this.#all(repository, after === undefined && wanted === '', signal);
    const found = wanted === '' ? all : all.filter((tag) => tag.toLowerCase().includes(wanted));
    const start = after === undefined ? 0 : found.findIndex((tag) => compareTags(tag, after) > 0);
    const tags = start < 0 ? [] : found.slice(start, start + limit);
    const isLast = start < 0 || start + limit >= found.length;
    return { tags, total: found.length, next: isLast ? null : (tags.at(-1) ?? null) };
  }

  /** Forgets what was read of a repository. */
  forget(repository: string): void {
    this.#lists.delete(repositoryName(parseReference(repository)));
  }

  #all(repository: string, fresh: boolean, signal: AbortSignal | undefined): Promise<readonly string[]> {
    const reference = parseReference(repository);
    const name = repositoryName(reference);
    const known = this.#lists.get(name);
    if (!fresh && known !== undefined && Date.now() - known.at < FRESH_MS) return known.tags;
    const tags = this.#client().then((client) => readAll(client, ownRepository(client, reference), signal));
    this.#lists.delete(name);
    this.#lists.set(name, { tags, at: Date.now() });
    tags.catch(() => this.#lists.delete(name));
    const oldest = this.#lists.keys().next().value;
    if (this.#lists.size > KEPT && oldest !== undefined) this.#lists.delete(oldest);
    return tags;
  }
}

async function readAll(
  client: RegistryClient,
  repository: Repository,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const tags = new Set<string>();
  for await (const page of listTags(client, repository, { signal })) {
    for (const tag of page) tags.add(tag);
    if (tags.size >= TAG_LIMIT) break;
  }
  return [...tags].sort(compareTags);
}

const NATURAL = new Intl.Collator('en', { numeric: true });

/** Higher numbers first, words before numbers: `latest`, `v2`, `1.10`, `1.9`. */
export function compareTags(a: string, b: string): number {
  return NATURAL.compare(b, a) || (a < b ? -1 : a > b ? 1 : 0);
}
