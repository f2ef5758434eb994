import { AppError } from '#shared/errors/app-error.ts';
import type { Authorizer } from './authorizer.ts';
import { discard } from './body.ts';
import { isAbsent, isTransient, whyOf } from './network-errors.ts';
import { redirectOf } from './redirect.ts';
import type { RegistryRequest, RegistryResponse } from './request.ts';
import { isHopeless, isRetryStatus, type RetryPolicy, retryDelay, waitTold } from './retry.ts';
import type { Transport, WireResponse } from './transport.ts';
import { wordsForStatus } from './try-again.ts';

const REDIRECTS = 10;

/**
 * Repeats what failed for the moment. A body that is a stream is sent once, since its sender knows how to go on;
 * a server that refuses connections is waited for only if it answered before (it may be restarting).
 */
export async function sendRepeated(
  request: RegistryRequest,
  policy: RetryPolicy,
  isKnown: () => boolean,
  send: () => Promise<RegistryResponse>,
): Promise<RegistryResponse> {
  const isOnce = typeof request.body === 'function' || request.isRepeated === false;
  for (let attempt = 0; ; attempt++) {
    const isLast = isOnce || attempt >= policy.retries;
    let response: RegistryResponse | undefined;
    let why: string;
    try {
      response = await send();
      if (isLast || !isRetryStatus(response.status) || isHopeless(attempt, policy, response)) return response;
      why = wordsForStatus(response.status);
      await discard(response);
    } catch (error) {
      if (isLast || !isTransient(error) || (isAbsent(error) && !isKnown())) throw error;
      why = whyOf(error);
    }
    await waitTold(retryDelay(attempt, policy, response), why, request);
  }
}

/** Sends a request once: signed in, with one more try for each thing that a 401 teaches, and with its redirects followed. */
export async function sendSignedIn(
  transport: Transport,
  authorizer: Authorizer,
  request: RegistryRequest,
  base: URL,
): Promise<RegistryResponse> {
  for (let round = 0; ; round++) {
    const authorization = await authorizer.authorize(request.endpoint, request.access, request.signal);
    const response = await followRedirects(transport, request, base, authorization.header);
    const isOwn = response.url.host === base.host;
    if (response.status === 401 && isOwn && round < 3) {
      if (await authorizer.learn(request.endpoint, request.access, response, authorization, round)) {
        await discard(response);
        continue;
      }
    }
    const { kind, username } = authorization;
    const missingHelper = kind === 'anonymous' ? authorizer.missingHelper(request.endpoint) : undefined;
    return { ...response, signIn: { kind, username }, missingHelper };
  }
}

async function followRedirects(
  transport: Transport,
  request: RegistryRequest,
  base: URL,
  authorization: string | undefined,
): Promise<WireResponse> {
  let url = targetUrl(request, base);
  for (let hops = 0; ; hops++) {
    const isOwn = url.origin === base.origin;
    const headers: Record<string, string> = { ...request.headers };
    if (isOwn && authorization !== undefined) headers.authorization = authorization;
    const body = typeof request.body === 'function' ? await request.body() : request.body;
    const { method, signal, idleMs } = request;
    const response = await transport.send({ method, url, headers, body, signal, idleMs });
    const next = redirectOf(response, request, base);
    if (next === undefined) return response;
    await discard(response);
    if (hops >= REDIRECTS) {
      throw new AppError('registry-error', `${request.endpoint.host} redirects without end.`, {
        detail: { kind: 'registry', host: request.endpoint.registry },
      });
    }
    url = next;
  }
}

function targetUrl(request: RegistryRequest, base: URL): URL {
  return typeof request.target === 'string' ? new URL(`/v2/${request.target}`, base) : request.target;
}
