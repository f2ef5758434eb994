import type { EndpointCandidate } from './endpoint.ts';

/** What an engine answers on `GET /version`, as far as Strata reads it. */
export interface EngineVersion {
  readonly version: string;
  /** Newest API the engine speaks: `1.41`. */
  readonly apiVersion: string;
  /** Oldest API it still speaks; null where it does not say. */
  readonly minApiVersion: string | null;
  /** Names of its parts: "Engine", "Podman Engine", "containerd". */
  readonly components: readonly string[];
  readonly os: string;
  readonly architecture: string;
}

/** Why no engine answers, worst guess last. */
export type Absence =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-running'; readonly address: string }
  | { readonly kind: 'no-permission'; readonly address: string }
  | { readonly kind: 'unreachable'; readonly address: string; readonly origin: string; readonly why: string }
  | { readonly kind: 'too-new'; readonly address: string; readonly minApiVersion: string };

/**
 * What tells one engine that speaks Docker's API from another: where it listens, how it is recognised, how it
 * builds and what to advise when it is not there. All that differs is here and in what is made from it.
 */
export interface EngineDialect {
  readonly id: string;
  readonly name: string;
  /** Best first. Throws `invalid-input` for an address a person wrote and that is none. */
  endpoints(): Promise<EndpointCandidate[]>;
  /** Whether the answer comes from an engine of this kind; asked for endpoints that nobody chose. */
  recognises(version: EngineVersion): boolean;
  /** Whether it builds with BuildKit; else by its classic build. */
  hasBuildKit(version: EngineVersion, apiVersion: string): boolean;
  /** What is wrong and what to do about it, for the engine's status. */
  explain(absence: Absence): Promise<{ detail: string; hint: string }>;
}
