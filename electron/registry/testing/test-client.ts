import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from '../client.ts';
import { type CredentialLookup, NO_CREDENTIALS } from '../credentials/credential.ts';
import { Secret } from '../credentials/secret.ts';

/** A client that waits only milliseconds between tries and knows no proxy. For tests. */
export function createTestClient(options: Partial<RegistryClientOptions> = {}): RegistryClient {
  return createRegistryClient({
    credentials: NO_CREDENTIALS,
    settings: { insecureHosts: [], mirrors: {} },
    retry: { retries: 4, firstDelayMs: 5, maxDelayMs: 50 },
    environment: {},
    ...options,
  });
}

/** A lookup that knows one user of one registry. */
export function oneUser(registry: string, username: string, password: string): CredentialLookup {
  const credential = {
    username,
    password: new Secret(password),
    identityToken: undefined,
    registryToken: undefined,
  };
  return { find: async (host) => (host === registry ? { credential, source: 'test' } : null) };
}
