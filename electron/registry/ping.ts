import { discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import { responseError } from './errors.ts';

/** What a registry said when it was asked whether it is one. */
export interface Ping {
  readonly host: string;
  /** It let us in, by name or as anyone. */
  readonly isOpen: boolean;
  readonly username: string | undefined;
}

/**
 * Asks `/v2/` of a registry with the credentials there are. Throws `unauthorized` where they are refused,
 * `registry-error` where no registry answers.
 */
export async function pingRegistry(
  client: RegistryClient,
  registry: string,
  signal?: AbortSignal,
): Promise<Ping> {
  const endpoint = client.endpoint(registry);
  const access = { repository: undefined, scopes: [] };
  const response = await client.send({ endpoint, method: 'GET', target: '', access, signal });
  const { username } = response.signIn;
  const isRegistry = response.status === 200 || (response.status === 401 && username === undefined);
  const isPage = /html/i.test(response.header('content-type') ?? '');
  if (!isRegistry || isPage) {
    throw await responseError(response, {
      host: endpoint.registry,
      what: 'the registry API',
      action: response.status === 401 || response.status === 403 ? 'sign-in' : 'read',
      username,
      missingHelper: response.missingHelper,
    });
  }
  await discard(response);
  return { host: endpoint.registry, isOpen: response.status === 200, username };
}
