import type { RegistryClient } from './client.ts';
import type { Account, Keychain } from './credentials/credential.ts';
import { signIn, signOut } from './credentials/sign-in.ts';

/** Sign-in at registries, as the window and the CLI offer it. */
export interface RegistryAccounts {
  list(): Promise<Account[]>;
  /** Asks the registry first; throws `unauthorized` and stores nothing when it refuses. */
  login(
    account: { host: string; username: string; password: string },
    signal?: AbortSignal,
  ): Promise<Account>;
  /** Throws `not-found` where nobody is signed in. */
  logout(host: string): Promise<void>;
}

/** Accounts over a keychain. */
export function createAccounts(client: RegistryClient, keychain: Keychain): RegistryAccounts {
  const options = { client, keychain };
  return {
    list: async () => [...(await keychain.list())],
    login: (account, signal) => signIn(options, account, signal),
    logout: (host) => signOut(options, host),
  };
}
