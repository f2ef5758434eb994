import { isWireObject } from '#shared/oci/wire.ts';
import type { Credential } from './credential.ts';
import { Secret } from './secret.ts';

/** Where a host of Strata keeps secrets: the operating system's store on the desktop. Keys are plain names. */
export interface SecretStore {
  /** What it is, in words: "GNOME keyring". */
  readonly label: string;
  /** A weakness to tell, null when fine. */
  readonly warning: string | null;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

const INDEX = 'registries';

/** The credential of a registry in a secret store. */
export async function readStored(secrets: SecretStore, registry: string): Promise<Credential | null> {
  const { username, password } = parseObject(await secrets.get(keyOf(registry)));
  if (typeof username !== 'string' || typeof password !== 'string') return null;
  return { username, password: new Secret(password), identityToken: undefined, registryToken: undefined };
}

/** Keeps the credential of a registry in a secret store. */
export async function writeStored(
  secrets: SecretStore,
  registry: string,
  username: string,
  password: Secret,
): Promise<void> {
  await secrets.set(keyOf(registry), JSON.stringify({ username, password: password.reveal() }));
  await writeIndex(secrets, { ...(await listStored(secrets)), [registry]: username });
}

/** Removes the credential of a registry from a secret store; whether there was one. */
export async function removeStored(secrets: SecretStore, registry: string): Promise<boolean> {
  const { [registry]: username, ...others } = await listStored(secrets);
  if (username === undefined) return false;
  await secrets.remove(keyOf(registry));
  await writeIndex(secrets, others);
  return true;
}

/** The registries in a secret store with their user names. */
export async function listStored(secrets: SecretStore): Promise<Readonly<Record<string, string>>> {
  const entries = Object.entries(parseObject(await secrets.get(INDEX)));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

async function writeIndex(secrets: SecretStore, index: Readonly<Record<string, string>>): Promise<void> {
  await secrets.set(INDEX, JSON.stringify(index));
}

function keyOf(registry: string): string {
  return `registry ${registry}`;
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null) return {};
  const value = JSON.parse(text) as unknown;
  return isWireObject(value) ? value : {};
}
