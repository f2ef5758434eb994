import { parseWireObject, readWire } from '#shared/oci/wire.ts';
import { readBody } from './body.ts';
import type { RegistryClient } from './client.ts';
import { responseError } from './errors.ts';
import { nextPage } from './link.ts';

const PAGE_LIMIT = 16 * 1024 * 1024;
const PAGES = 10_000;

/**
 * The repositories of a registry, page by page. Most public registries list none: then it throws `unsupported`,
 * `unauthorized` or `forbidden`.
 */
export async function* listRepositories(
  client: RegistryClient,
  registry: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const endpoint = client.endpoint(registry);
  const access = { repository: undefined, scopes: ['registry:catalog:*'] };
  const seen = new Set<string>();
  let target: string | URL = '_catalog?n=100';
  for (let page = 0; page < PAGES; page++) {
    const response = await client.send({ endpoint, method: 'GET', target, access, signal });
    if (response.status !== 200) {
      const { username } = response.signIn;
      throw await responseError(response, {
        host: endpoint.registry,
        what: 'list of repositories',
        action: 'read',
        username,
      });
    }
    const document = parseWireObject(
      await readBody(response, PAGE_LIMIT, signal),
      'list of repositories',
      PAGE_LIMIT,
    );
    const names = readWire(document, 'list of repositories').texts('repositories') ?? [];
    if (names.length > 0) yield names;
    const next = nextPage(response);
    if (next === undefined || seen.has(next.href)) return;
    seen.add(next.href);
    target = next;
  }
}
