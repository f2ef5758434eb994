import type { RegistryRequest } from './request.ts';
import type { WireResponse } from './transport.ts';
import { guardUrl } from './url-guard.ts';

const STATUSES = new Set([301, 302, 303, 307, 308]);

/**
 * Where an answer sends its request, undefined where it is the answer itself. Only reading is redirected by any
 * status; a request with a body only by 307 and 308, and only when its body can be sent again. Throws
 * `registry-error` for an address that must not be followed.
 */
export function redirectOf(response: WireResponse, request: RegistryRequest, base: URL): URL | undefined {
  if (!STATUSES.has(response.status)) return undefined;
  const location = response.header('location');
  if (location === undefined || !URL.canParse(location, response.url.href)) return undefined;
  const url = new URL(location, response.url);
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  const keepsMethod = response.status === 307 || response.status === 308;
  if (!isReading && !(keepsMethod && typeof request.body !== 'function')) return undefined;
  if (request.followAway === false && url.host !== base.host) return undefined;
  guardUrl(url, request.endpoint, base);
  return url;
}
