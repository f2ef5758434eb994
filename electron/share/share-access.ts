import type { IncomingMessage } from 'node:http';
import { SpecError } from './spec-error.ts';

const OWN_NAMES = new Set(['localhost', '127.0.0.1']);

/**
 * Refuses requests that were not meant for this endpoint: a foreign name bound to our address, and pages of a browser,
 * which could send forms here but never need to. The port may differ, so that a tunnel works.
 */
export function requireOwnCaller({ headers }: IncomingMessage): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!OWN_NAMES.has(host))
    throw new SpecError(421, 'DENIED', 'Strata answers only under the names localhost and 127.0.0.1.');
  if (headers.origin !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    throw new SpecError(403, 'DENIED', 'This endpoint is for container tools, not for pages of a browser.');
}
