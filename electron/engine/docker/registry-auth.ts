/** What proves who asks at a registry, in the spelling of Docker's API. */
export type RegistryCredential =
  | { readonly username: string; readonly password: string }
  /** An OAuth refresh token. */
  | { readonly identitytoken: string };

/** Looks a credential up by the registry's domain as references have it (`docker.io`); null for none. */
export type CredentialsFor = (domain: string) => Promise<RegistryCredential | null>;

/** Nobody is signed in anywhere. */
export const NO_CREDENTIALS: CredentialsFor = async () => null;

const HUB_DOMAIN = 'docker.io';
/** Under this name Docker keeps and asks for the account at Docker Hub. */
const HUB_ADDRESS = 'https://index.docker.io/v1/';
const HUB_HOSTS = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'https://index.docker.io/v1/',
]);

/** The domain for a host as engines name it: all of Docker Hub's are `docker.io`. */
export function hubDomain(host: string): string {
  return HUB_HOSTS.has(host) ? HUB_DOMAIN : host;
}

/** The value of `X-Registry-Auth` for one registry; the engine wants one even when there is no credential. */
export async function registryAuth(
  domain: string,
  credentialsFor: CredentialsFor,
): Promise<Record<string, unknown>> {
  const credential = await credentialsFor(hubDomain(domain));
  return credential === null ? {} : { ...credential, serveraddress: addressOf(domain) };
}

/** The value of `X-Registry-Config`: the credentials of all the registries that a build may ask. */
export async function registryConfig(
  domains: Iterable<string>,
  credentialsFor: CredentialsFor,
): Promise<Record<string, unknown>> {
  const config: Record<string, unknown> = {};
  for (const domain of new Set(domains)) {
    const credential = await credentialsFor(domain);
    if (credential !== null) config[addressOf(domain)] = credential;
  }
  return config;
}

function addressOf(domain: string): string {
  return hubDomain(domain) === HUB_DOMAIN ? HUB_ADDRESS : domain;
}
