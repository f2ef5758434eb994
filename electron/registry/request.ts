import type { Readable } from 'node:stream';
import type { Access, SignIn } from './authorizer.ts';
import type { MissingHelper } from './credentials/credential.ts';
import type { Endpoint } from './endpoint.ts';
import type { RetryPolicy, RetryWatch } from './retry.ts';
import type { Method, WireResponse } from './transport.ts';

/** One request to a registry: signed in, redirected and repeated as needed. */
export interface RegistryRequest extends RetryWatch {
  readonly endpoint: Endpoint;
  readonly method: Method;
  /** A path below `/v2/`, or an address that the registry named (an upload's location). */
  readonly target: string | URL;
  readonly access: Access;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A function gives a stream and is called for each try that is made; such a request is not repeated after a failure. */
  readonly body?: Uint8Array | (() => Promise<Readable>) | undefined;
  readonly idleMs?: number | undefined;
  /** Redirects to other hosts are followed unless this is false: then the redirect itself is the answer. */
  readonly followAway?: boolean | undefined;
  /** False: what fails for the moment is not tried again. */
  readonly isRepeated?: boolean | undefined;
  /** How patiently it is repeated, where not as any other request. */
  readonly retry?: RetryPolicy | undefined;
}

/** An answer of any status, with how its request was signed in. */
export interface RegistryResponse extends WireResponse {
  readonly signIn: SignIn;
  /** Where it was anonymous: the credential helper that might have had a sign-in and is not installed. */
  readonly missingHelper: MissingHelper | undefined;
}
