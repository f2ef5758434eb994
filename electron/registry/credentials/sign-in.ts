import type { RegistryClient } from '../client.ts';
import { pingRegistry } from '../ping.ts';
import type { Account, Keychain } from './credential.ts';
import { Secret } from './secret.ts';

/** What a sign-in works with. */
export interface SignInOptions {
  readonly client: RegistryClient;
  readonly keychain: Keychain;
}

/**
 * Signs in to a registry: asks it with the password first, and keeps the password only where it is accepted. Throws
 * `unauthorized` (nothing is stored then), and what the registry or the keychain fails with.
 */
export async function signIn(
  { client, keychain }: SignInOptions,
  account: { readonly host: string; readonly username: string; readonly password: string },
  signal?: AbortSignal,
): Promise<Account> {
  const registry = client.endpoint(account.host).registry;
  const password = new Secret(account.password);
  const credential = {
    username: account.username,
    password,
    identityToken: undefined,
    registryToken: undefined,
  };
  const probe = client.withCredentials({
    find: async (host) => (host === registry ? { credential, source: 'sign-in' } : null),
  });
  try {
    await pingRegistry(probe, registry, signal);
  } finally {
    await probe.close();
  }
  const stored = await keychain.store(registry, account.username, password, signal);
  client.forget(registry);
  return stored;
}

/** Signs out of a registry: removes its credential and forgets its tokens. Throws `not-found` where there is none. */
export async function signOut(
  { client, keychain }: SignInOptions,
  host: string,
  signal?: AbortSignal,
): Promise<void> {
  const registry = client.endpoint(host).registry;
  await keychain.erase(registry, signal);
  client.forget(registry);
}
