import { AppError } from '#shared/errors/app-error.ts';
import { hostnameOf, isLoopbackHost, isPrivateAddress } from './addresses.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * Refuses an address that a server of `endpoint` sent us to (token realm, redirect, upload location) where it would
 * leave the network we were asked to talk to: plain http out of https, or a literal private address (which may be a
 * cloud's metadata service or a neighbour behind the firewall) out of a public registry.
 */
export function guardUrl(url: URL, endpoint: Endpoint, base: URL): void {
  if (url.host === base.host && url.protocol === base.protocol) return;
  const isKnownPlace = hostnameOf(url.host) === hostnameOf(base.host);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(url, endpoint, 'is no web address');
  if (url.username !== '' || url.password !== '') throw refuse(url, endpoint, 'carries a password');
  if (url.protocol === 'http:' && !endpoint.plainAllowed) throw refuse(url, endpoint, 'is not encrypted');
  const isInside = isLoopbackHost(url.hostname) || isPrivateAddress(url.hostname);
  const isFromInside =
    isLoopbackHost(base.hostname) || isPrivateAddress(base.hostname) || endpoint.plainAllowed;
  if (isInside && !isFromInside && !isKnownPlace)
    throw refuse(url, endpoint, 'lies inside a private network');
}

function refuse(url: URL, endpoint: Endpoint, why: string): AppError {
  return new AppError('registry-error', `${endpoint.host} sends us to ${url.origin}, which ${why}.`, {
    hint: `Strata does not follow it. If the registry is yours, correct its address there or list ${endpoint.host} as insecure in Settings.`,
    detail: { kind: 'registry', host: endpoint.registry },
  });
}
