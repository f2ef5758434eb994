import { AppError } from '#shared/errors/app-error.ts';
import type { WireObject } from '#shared/oci/wire.ts';
import { normalizeRegistry } from '../endpoint.ts';
import { credentialOf, dockerKey, entryFor, keysFor, normalizeKey, readAuthFile } from './auth-entries.ts';
import { type AuthFilePlace, authFilePlaces, changeAuthDocument, readAuthDocument } from './auth-files.ts';
import type { Account, FoundCredential, Keychain } from './credential.ts';
import { createHelper } from './credential-helper.ts';
import { listAccounts, plainTextWarning } from './list-accounts.ts';
import { missingHelperOf } from './missing-helpers.ts';
import { readStored, removeStored, type SecretStore, writeStored } from './secret-store.ts';

export interface KeychainOptions {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The operating system's secret store, where the host has one. */
  readonly secrets?: SecretStore | undefined;
}

/**
 * The credentials of this user: Strata's own secret store, then Docker's config file with its helpers, then Podman's
 * auth files, then Docker's file of old. Reads everything anew each time.
 */
export function createKeychain(options: KeychainOptions): Keychain {
  const places = authFilePlaces(options.home, options.environment);
  const { secrets, environment } = options;
  return {
    find: async (registry, repository, signal) => {
      const host = normalizeRegistry(registry);
      const stored = secrets && (await readStored(secrets, host));
      if (secrets && stored) return { credential: stored, source: secrets.label };
      for (const place of places) {
        const found = await findInFile(place, host, repository, environment, signal);
        if (found !== null) return found;
      }
      return null;
    },
    missingHelper: (registry) => missingHelperOf(normalizeRegistry(registry), places, environment),
    list: (signal) => listAccounts(places, secrets, environment, signal),
    store: async (registry, username, password, signal) => {
      const host = normalizeRegistry(registry);
      const [docker] = places;
      const helper = helperFor(readAuthFile(await readAuthDocument(docker)), host);
      if (helper !== undefined) {
        await createHelper(helper, environment).store(dockerKey(host), username, password, signal);
        await changeAuthDocument(docker, (document) => withEntry(document, host, {}));
        return account(host, username, helperLabel(helper), null);
      }
      if (secrets !== undefined) {
        await writeStored(secrets, host, username, password);
        return account(host, username, secrets.label, secrets.warning);
      }
      await changeAuthDocument(docker, (document) => withEntry(document, host, entryFor(username, password)));
      return account(host, username, docker.label, plainTextWarning(docker.path));
    },
    erase: async (registry, signal) => {
      const host = normalizeRegistry(registry);
      let isErased = secrets !== undefined && (await removeStored(secrets, host));
      for (const place of places)
        isErased = (await eraseInFile(place, host, environment, signal)) || isErased;
      if (isErased) return;
      throw new AppError('not-found', `You are not signed in to ${host}.`, {
        detail: { kind: 'registry', host },
      });
    },
  };
}

/** What the source of a credential is called that a helper keeps. */
export function helperLabel(name: string): string {
  return `docker credential helper ${name}`;
}

function account(host: string, username: string, source: string, warning: string | null): Account {
  return { host, username, source, removable: true, warning };
}

function helperFor(file: ReturnType<typeof readAuthFile>, host: string): string | undefined {
  const own = Object.entries(file.helpers).find(([key]) => normalizeKey(key) === host);
  return own?.[1] ?? file.store;
}

async function findInFile(
  place: AuthFilePlace,
  host: string,
  repository: string | undefined,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<FoundCredential | null> {
  const file = readAuthFile(await readAuthDocument(place));
  const helper = helperFor(file, host);
  if (helper !== undefined) {
    const credential = await askHelper(helper, host, environment, signal);
    if (credential !== null) return { credential, source: helperLabel(helper) };
  }
  const entries = Object.entries(file.auths);
  for (const wanted of keysFor(host, repository)) {
    for (const [key, entry] of entries) {
      const credential = normalizeKey(key) === wanted ? credentialOf(entry) : null;
      if (credential !== null) return { credential, source: place.label };
    }
  }
  return null;
}

/** Helpers know a server by the name it was stored under, which is the bare host or an address. */
async function askHelper(
  helper: string,
  host: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
) {
  const { get } = createHelper(helper, environment);
  return (
    (await get(dockerKey(host), signal)) ?? (host === 'docker.io' ? null : get(`https://${host}`, signal))
  );
}

async function eraseInFile(
  place: AuthFilePlace,
  host: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const file = readAuthFile(await readAuthDocument(place));
  const helper = helperFor(file, host);
  let isErased = false;
  if (helper !== undefined && (await askHelper(helper, host, environment, signal)) !== null) {
    const { erase } = createHelper(helper, environment);
    await erase(dockerKey(host), signal);
    if (host !== 'docker.io') await erase(`https://${host}`, signal);
    isErased = true;
  }
  const keys = Object.keys(file.auths).filter((key) => normalizeKey(key) === host);
  if (keys.length === 0) return isErased;
  await changeAuthDocument(place, (document) => withoutEntries(document, keys));
  return true;
}

/** The document with `entry` as the only one for `host`; all else is kept. */
function withEntry(document: WireObject, host: string, entry: WireObject): WireObject {
  const { auths } = readAuthFile(document);
  const others = Object.entries(auths).filter(([key]) => normalizeKey(key) !== host);
  return { ...document, auths: Object.fromEntries([...others, [dockerKey(host), entry]]) };
}

function withoutEntries(document: WireObject, keys: readonly string[]): WireObject {
  const { auths } = readAuthFile(document);
  return {
    ...document,
    auths: Object.fromEntries(Object.entries(auths).filter(([key]) => !keys.includes(key))),
  };
}
