import { parseWireObject, readWire } from '#shared/oci/wire.ts';
import { discard, readBody } from './body.ts';
import type { RegistryClient } from './client.ts';
import { expectStatus } from './expect-status.ts';
import { nextPage } from './link.ts';
import { pullAccess, type Repository } from './repository.ts';

const PAGE_LIMIT = 16 * 1024 * 1024;
const PAGES = 10_000;

/**
 * The tags of a repository, page by page in the registry's order (which means nothing). Throws `not-found` for a
 * repository that does not exist.
 */
export async function* listTags(
  client: RegistryClient,
  repository: Repository,
  options: { readonly pageSize?: number; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  let target: string | URL = `${repository.path}/tags/list?n=${options.pageSize ?? 1000}`;
  for (let page = 0; page < PAGES; page++) {
    const response = await client.send({
      endpoint: repository.endpoint,
      method: 'GET',
      target,
      access: pullAccess(repository),
      signal: options.signal,
    });
    if (response.status === 400 && page === 0 && options.pageSize === undefined) {
      // Some registries refuse large pages instead of giving smaller ones.
      await discard(response);
      yield* listTags(client, repository, { ...options, pageSize: 100 });
      return;
    }
    await expectStatus(response, [200], repository, 'read', 'list of tags');
    const tags = readTags(await readBody(response, PAGE_LIMIT, options.signal));
    if (tags.length > 0) yield tags;
    const next = nextPage(response);
    if (next === undefined || seen.has(next.href)) return;
    seen.add(next.href);
    target = next;
  }
}

/** `tags` may be null, and some registries add fields of their own. */
function readTags(bytes: Uint8Array): readonly string[] {
  const wire = readWire(parseWireObject(bytes, 'list of tags', PAGE_LIMIT), 'list of tags');
  return wire.texts('tags') ?? [];
}
