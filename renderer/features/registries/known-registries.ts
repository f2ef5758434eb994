import type { RegistryAccount } from '#shared/contract/registries.ts';
import { parseReference } from '#shared/oci/reference.ts';

/** A registry that is worth a row of its own. */
export interface KnownRegistry {
  readonly host: string;
  /** Null where nobody is signed in. */
  readonly account: RegistryAccount | null;
  /** Repositories of it that this machine's images are named after, or that were opened before; with their registry. */
  readonly repositories: readonly string[];
}

/** Where a name without a registry leads. */
const DEFAULT_HOST = 'docker.io';

/**
 * Registries with an account first, then those that images are named after or that were opened, each by its host;
 * Docker Hub is always among them. A name without a registry (`acme/web:1`) says nothing of where it is from: its
 * repository is told only where a tag of it is in `transferred`, the names that were pulled or pushed.
 */
export function knownRegistries(
  accounts: readonly RegistryAccount[],
  names: {
    readonly images: readonly string[];
    readonly recent: readonly string[];
    readonly transferred: readonly string[];
  },
): readonly KnownRegistry[] {
  const repositories = new Map<string, Set<string>>([[DEFAULT_HOST, new Set()]]);
  const transferred = new Set(names.transferred.map((name) => repositoryIn(name)?.repository));
  const isFromThere = (name: string): boolean => {
    const found = repositoryIn(name);
    return found?.host !== DEFAULT_HOST || transferred.has(found.repository);
  };
  for (const name of [...names.recent, ...names.images.filter(isFromThere)]) {
    const found = repositoryIn(name);
    if (found === null || found.host === 'localhost') continue;
    const names = repositories.get(found.host) ?? new Set();
    repositories.set(found.host, names.add(found.repository));
  }
  const others = [...repositories.keys()]
    .filter((host) => accounts.every((account) => account.host !== host))
    .sort();
  const hosts = [
    ...accounts.map((account) => ({ host: account.host, account })),
    ...others.map((host) => ({ host, account: null })),
  ];
  return hosts.map((each) => ({ ...each, repositories: [...(repositories.get(each.host) ?? [])] }));
}

function repositoryIn(name: string): { readonly host: string; readonly repository: string } | null {
  try {
    const { domain, path } = parseReference(name);
    return { host: domain, repository: `${domain}/${path}` };
  } catch {
    // An image that an engine names in its own way belongs to no registry.
    return null;
  }
}
