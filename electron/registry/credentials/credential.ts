import type { Secret } from './secret.ts';

/** What proves who asks. At least one of the three secrets is there. */
export interface Credential {
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  /** An OAuth refresh token, to be exchanged at the token server. */
  readonly identityToken: Secret | undefined;
  /** A bearer token, to be sent as it is. */
  readonly registryToken: Secret | undefined;
}

/** A credential and where it was found, in words: "Docker config file", "docker credential helper pass". */
export interface FoundCredential {
  readonly credential: Credential;
  readonly source: string;
}

/** What is known of an account without its secret. */
export interface Account {
  /** The registry, or `host/path` where the credential is for a part of it. */
  readonly host: string;
  readonly username: string | null;
  readonly source: string;
  readonly removable: boolean;
  /** A weakness to tell, null when fine. */
  readonly warning: string | null;
}

/** A credential helper that a file names and that is not installed. */
export interface MissingHelper {
  /** `docker-credential-…`. */
  readonly program: string;
  /** The file that names it, and under which key. */
  readonly path: string;
  readonly key: 'credsStore' | 'credHelpers';
}

/** Looks credentials up, for the registry as references name it. */
export interface CredentialLookup {
  /** The most specific credential for a repository of a registry, null for none. */
  find(registry: string, repository?: string, signal?: AbortSignal): Promise<FoundCredential | null>;
  /** The helper that might have had one, where `find` found none; null where none is missing. */
  missingHelper?(registry: string): Promise<MissingHelper | null>;
}

/** Looks up, lists and keeps credentials. */
export interface Keychain extends CredentialLookup {
  list(signal?: AbortSignal): Promise<readonly Account[]>;
  /** Keeps a credential at the safest place there is and says where. */
  store(registry: string, username: string, password: Secret, signal?: AbortSignal): Promise<Account>;
  /** Removes the credential of a registry everywhere Strata can; throws `not-found` where there is none. */
  erase(registry: string, signal?: AbortSignal): Promise<void>;
}

/** A keychain without any credential. */
export const NO_CREDENTIALS: CredentialLookup = { find: async () => null };
