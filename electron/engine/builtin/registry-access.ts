import { homedir } from 'node:os';
import { join } from 'node:path';
import { certificateFolders, createCertificates } from '../../registry/certificates.ts';
import { createRegistryClient, type RegistryClient } from '../../registry/client.ts';
import type { Keychain } from '../../registry/credentials/credential.ts';
import { createKeychain } from '../../registry/credentials/keychain.ts';
import type { SecretStore } from '../../registry/credentials/secret-store.ts';
import type { RegistrySettings } from '../../registry/endpoint.ts';

export interface RegistryAccessOptions {
  /** The data folder: its `certs.d` is read beside Docker's and Podman's. */
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly settings: () => RegistrySettings;
  readonly secrets?: SecretStore | undefined;
}

/** Registries with the credentials and certificates of this user. */
export interface RegistryAccess {
  readonly client: RegistryClient;
  readonly keychain: Keychain;
}

/** Opens the registries for a host. */
export function openRegistryAccess({
  home,
  environment,
  settings,
  secrets,
}: RegistryAccessOptions): RegistryAccess {
  const userHome = environment.HOME ?? homedir();
  const keychain = createKeychain({ home: userHome, environment, secrets });
  const client = createRegistryClient({
    credentials: keychain,
    settings,
    certificates: createCertificates({ folders: certificateFolders(userHome, join(home, 'certs.d')) }),
    environment,
  });
  return { client, keychain };
}
