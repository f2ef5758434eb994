import { parseWireObject, readWire } from '#shared/oci/wire.ts';
import { readBody } from './body.ts';
import type { RegistryClient } from './client.ts';
import { responseError } from './errors.ts';
import { nextPage } from './link.ts';

const PAGE_LIMIT = 16 * 1024 * 1024;
const PAGES = 10_000;

/** One page of repositories, and what to ask with for the next one; null on the last. */
export interface RepositoryPage {
  readonly repositories: readonly string[];
  readonly next: string | null;
}

/**
 * The repositories of a registry, page by page. Most public registries list none: then it throws `unsupported`,
 * `unauthorized` or `forbidden`.
 */
export async function* listRepositories(
  client: RegistryClient,
  registry: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { repositories, next } = await fetchRepositories(client, registry, { after, signal });
    if (repositories.length > 0) yield repositories;
    if (next === null || seen.has(next)) return;
    seen.add(next);
    after = next;
  }
}

/** One page of {@link listRepositories}; `after` is the `next` of the page before. Throws what that does. */
export async function fetchRepositories(
  client: RegistryClient,
  registry: string,
  options: { readonly after?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<RepositoryPage> {
  const { signal } = options;
  const endpoint = client.endpoint(registry);
  const access = { repository: undefined, scopes: ['registry:catalog:*'] };
  const query = new URLSearchParams(options.after ?? 'n=100').toString();
  const response = await client.send({
    endpoint,
    method: 'GET',
    target: `_catalog?${query}`,
    access,
    signal,
  });
  if (response.status !== 200) {
    const { username } = response.signIn;
    throw await responseError(response, {
      host: endpoint.registry,
      what: 'list of repositories',
      action: 'read',
      username,
      missingHelper: response.missingHelper,
    });
  }
  const bytes = await readBody(response, PAGE_LIMIT, signal);
  const document = parseWireObject(bytes, 'list of repositories', PAGE_LIMIT);
  const repositories = readWire(document, 'list of repositories').texts('repositories') ?? [];
  return { repositories, next: nextPage(response)?.search.slice(1) || null };
}
