import { AppError } from '#shared/errors/app-error.ts';
import { hostnameOf, isLoopbackHost } from './addresses.ts';

/** What the user decided about registries; host names carry their port where they have one. */
export interface RegistrySettings {
  /** Hosts that may be spoken to over plain http or with an unverified certificate. */
  readonly insecureHosts: readonly string[];
  /** Registry to the host (with optional path prefix) that is asked first: `{ "docker.io": "localhost:5000" }`. */
  readonly mirrors: Readonly<Record<string, string>>;
}

/** A server that speaks for a registry. */
export interface Endpoint {
  /** The registry as references name it: `docker.io`. */
  readonly registry: string;
  /** Host and port that are connected to: `registry-1.docker.io`. */
  readonly host: string;
  /** Path that stands before a repository's own, without slashes at its ends; `''` for most. */
  readonly prefix: string;
  /** Plain http may be used where the server does not speak TLS: loopback, or named insecure. */
  readonly plainAllowed: boolean;
  /** A certificate that cannot be verified is accepted: named insecure. */
  readonly unverifiedAllowed: boolean;
  readonly isMirror: boolean;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
const HUB = 'docker.io';
const HUB_NAMES = new Set([HUB, 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** The one spelling of a registry: lower case, without scheme and path, every name of Docker Hub as `docker.io`. */
export function normalizeRegistry(text: string): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  if (!HOST.test(host)) {
    throw new AppError('invalid-input', `"${text}" is not a registry host.`, {
      hint: 'Write it like registry.example.com, ghcr.io or localhost:5000.',
    });
  }
  return HUB_NAMES.has(host) ? HUB : host;
}

/** The server of a registry itself, never a mirror. */
export function registryEndpoint(registry: string, settings: RegistrySettings): Endpoint {
  const name = normalizeRegistry(registry);
  return makeEndpoint(name, name === HUB ? 'registry-1.docker.io' : name, '', false, settings);
}

/** The servers to ask for content, in order: the mirror that the user set, then the registry itself. */
export function readEndpoints(registry: string, settings: RegistrySettings): readonly Endpoint[] {
  const own = registryEndpoint(registry, settings);
  const mirror = findMirror(own.registry, settings.mirrors);
  return mirror === undefined ? [own] : [mirrorEndpoint(own.registry, mirror, settings), own];
}

function mirrorEndpoint(registry: string, mirror: string, settings: RegistrySettings): Endpoint {
  const address = mirror.trim().replace(/^https?:\/\//i, '');
  const slash = address.indexOf('/');
  const host = normalizeRegistry(slash < 0 ? address : address.slice(0, slash));
  const prefix = slash < 0 ? '' : address.slice(slash + 1).replace(/^\/+|\/+$/g, '');
  return makeEndpoint(registry, host === HUB ? 'registry-1.docker.io' : host, prefix, true, settings);
}

function makeEndpoint(
  registry: string,
  host: string,
  prefix: string,
  isMirror: boolean,
  settings: RegistrySettings,
): Endpoint {
  const isInsecure = isListedInsecure(host, settings.insecureHosts);
  const plainAllowed = isInsecure || isLoopbackHost(host);
  return { registry, host, prefix, plainAllowed, unverifiedAllowed: isInsecure, isMirror };
}

/** A host listed without a port stands for all its ports. */
function isListedInsecure(host: string, listed: readonly string[]): boolean {
  return listed.some((entry) => {
    const name = entry
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/, '');
    return name !== '' && (name === host || name === hostnameOf(host));
  });
}

function findMirror(registry: string, mirrors: Readonly<Record<string, string>>): string | undefined {
  const entry = Object.entries(mirrors).find(
    ([key, value]) => value.trim() !== '' && normalizeRegistry(key) === registry,
  );
  return entry?.[1];
}
