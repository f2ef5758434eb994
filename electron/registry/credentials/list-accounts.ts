import { credentialOf, normalizeKey, readAuthFile } from './auth-entries.ts';
import { type AuthFilePlace, readAuthDocument } from './auth-files.ts';
import type { Account } from './credential.ts';
import { createHelper } from './credential-helper.ts';
import { listStored, type SecretStore } from './secret-store.ts';

/** All accounts there are, each registry once, from the place that is used for it; sorted by host. */
export async function listAccounts(
  places: readonly AuthFilePlace[],
  secrets: SecretStore | undefined,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<readonly Account[]> {
  const accounts = new Map<string, Account>();
  const add = (account: Account): void => {
    if (!accounts.has(account.host)) accounts.set(account.host, account);
  };
  if (secrets !== undefined) {
    for (const [host, username] of Object.entries(await listStored(secrets)))
      add({ host, username, source: secrets.label, removable: true, warning: secrets.warning });
  }
  for (const place of places) for (const account of await listFile(place, environment, signal)) add(account);
  return [...accounts.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** The weakness of a password in a file, in words. */
export function plainTextWarning(path: string): string {
  return `The password is stored unencrypted in ${path}.`;
}

async function listFile(
  place: AuthFilePlace,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<readonly Account[]> {
  const file = readAuthFile(await readAuthDocument(place));
  const accounts: Account[] = [];
  const names = new Set([...Object.values(file.helpers), ...(file.store === undefined ? [] : [file.store])]);
  for (const name of names) {
    const source = `docker credential helper ${name}`;
    for (const [key, username] of Object.entries(await createHelper(name, environment).list(signal))) {
      const host = normalizeKey(key);
      // Docker Desktop keeps its own tokens for Docker Hub beside the sign-in.
      if (host === null || /\/(?:access|refresh)-token$/.test(key) || host.includes('/')) continue;
      accounts.push({
        host,
        username: username === '<token>' ? null : username,
        source,
        removable: true,
        warning: null,
      });
    }
  }
  for (const [key, entry] of Object.entries(file.auths)) {
    const [host, credential] = [normalizeKey(key), credentialOf(entry)];
    if (host === null || credential === null) continue;
    const warning = credential.password === undefined ? null : plainTextWarning(place.path);
    accounts.push({
      host,
      username: credential.username ?? null,
      source: place.label,
      removable: !host.includes('/'),
      warning,
    });
  }
  return accounts;
}
