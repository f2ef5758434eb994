import { join } from 'node:path';
import type { SettingsView } from '#shared/contract/settings.ts';
import { openRegistryAccess } from '../engine/builtin/registry-access.ts';
import type { CredentialsFor } from '../engine/docker/registry-auth.ts';
import { createAccounts, type RegistryAccounts } from '../registry/accounts.ts';
import { type CertificateTrust, createCertificateTrust } from '../registry/certificate-trust.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { Keychain } from '../registry/credentials/credential.ts';
import type { SecretStore } from '../registry/credentials/secret-store.ts';

export interface RegistryConnectionOptions {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: SettingsView;
  readonly secrets?: SecretStore | undefined;
}

/** The registries of one host: one client for all, with the settings as they are now. */
export class RegistryConnection {
  readonly client: RegistryClient;
  readonly keychain: Keychain;
  readonly accounts: RegistryAccounts;
  readonly certificates: CertificateTrust;
  #settings: SettingsView;

  constructor({ home, env, settings, secrets }: RegistryConnectionOptions) {
    this.#settings = settings;
    const access = openRegistryAccess({ home, environment: env, settings: () => this.#settings, secrets });
    this.client = access.client;
    this.keychain = access.keychain;
    this.accounts = createAccounts(this.client, this.keychain);
    this.certificates = createCertificateTrust(join(home, 'certs.d'), this.client, env);
  }

  /** Uses other mirrors and insecure hosts from now on. */
  apply(settings: SettingsView): void {
    this.#settings = settings;
  }

  /** Hands a credential to an engine that pushes and pulls by itself. */
  readonly credentialsFor: CredentialsFor = async (domain) => {
    const found = await this.keychain.find(domain);
    if (found === null) return null;
    const { username, password, identityToken } = found.credential;
    if (identityToken !== undefined) return { identitytoken: identityToken.reveal() };
    if (username === undefined || password === undefined) return null;
    return { username, password: password.reveal() };
  };

  async close(): Promise<void> {
    await this.client.close();
  }
}
