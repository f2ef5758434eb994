import type { Reference } from '#shared/oci/reference.ts';
import type { Access } from './authorizer.ts';
import type { RegistryClient } from './client.ts';
import type { Endpoint } from './endpoint.ts';

/** A repository at one server: what requests are addressed to. */
export interface Repository {
  readonly endpoint: Endpoint;
  /** As the server names it: with the prefix of a mirror. */
  readonly path: string;
}

/** The repository of a reference at its registry itself: where pushes go. */
export function ownRepository(client: RegistryClient, reference: Reference): Repository {
  return repositoryAt(client.endpoint(reference.domain), reference.path);
}

/** Where a reference can be read from, in order: mirror first. */
export function readRepositories(client: RegistryClient, reference: Reference): readonly Repository[] {
  return client.readEndpoints(reference.domain).map((endpoint) => repositoryAt(endpoint, reference.path));
}

/** What names a manifest in a request: the digest, which wins, or the tag, or `latest`. */
export function selectorOf(reference: Reference): string {
  return reference.digest ?? reference.tag ?? 'latest';
}

/** May read the repository. */
export function pullAccess({ path }: Repository): Access {
  return { repository: path, scopes: [`repository:${path}:pull`] };
}

/** May read and write the repository. */
export function pushAccess({ path }: Repository): Access {
  return { repository: path, scopes: [`repository:${path}:pull,push`] };
}

/** May write the repository and read `from`, to mount a blob of it. */
export function mountAccess({ path }: Repository, from: string): Access {
  return { repository: path, scopes: [`repository:${path}:pull,push`, `repository:${from}:pull`] };
}

/** May delete in the repository. */
export function deleteAccess({ path }: Repository): Access {
  return { repository: path, scopes: [`repository:${path}:delete`] };
}

function repositoryAt(endpoint: Endpoint, path: string): Repository {
  return { endpoint, path: endpoint.prefix === '' ? path : `${endpoint.prefix}/${path}` };
}
