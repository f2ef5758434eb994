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

/** Registries with an account first, then those that images are named after or that were opened, each by its host. */
export function knownRegistries(
  accounts: readonly RegistryAccount[],
  imageNames: readonly string[],
  recent: readonly string[],
): readonly KnownRegistry[] {
  const repositories = new Map<string, Set<string>>();
  for (const name of [...recent, ...imageNames]) {
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
