import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from './network-errors.ts';
import type { WireResponse } from './transport.ts';

/** How often and how patiently a request is tried again. */
export interface RetryPolicy {
  /** Times that a request is repeated after its first failure. */
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 5, firstDelayMs: 1000, maxDelayMs: 60_000 };

/** A quota that is used up is not free again in seconds; a burst is. */
const TRIES_WITHOUT_A_TIME = 2;

const STATUSES = new Set([408, 429, 500, 502, 503, 504]);

/** Whether an answer with this status may be another one in a moment. */
export function isRetryStatus(status: number): boolean {
  return STATUSES.has(status);
}

/**
 * Milliseconds to wait before attempt `attempt` (0 is the first repetition): what the server asks for in
 * `Retry-After` (seconds or a date), else doubling with up to a quarter more by chance. Never above the maximum.
 */
export function retryDelay(
  attempt: number,
  policy: RetryPolicy,
  response?: WireResponse,
  now = Date.now(),
  chance = Math.random(),
): number {
  const asked = parseRetryAfter(response?.header('retry-after'), now);
  const doubled = policy.firstDelayMs * 2 ** attempt * (1 + chance / 4);
  return Math.min(asked ?? doubled, policy.maxDelayMs);
}

/** Milliseconds until the time in a `Retry-After`; undefined where it has none. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Whether trying again has no hope: the server asks for a longer wait than we do, or refuses for its quota's sake. */
export function isHopeless(
  attempt: number,
  policy: RetryPolicy,
  response: WireResponse,
  now = Date.now(),
): boolean {
  const asked = parseRetryAfter(response.header('retry-after'), now);
  if (asked !== undefined) return asked > policy.maxDelayMs;
  return response.status === 429 && attempt >= TRIES_WITHOUT_A_TIME;
}

/** Resolves after `ms`; throws `cancelled` as soon as the signal aborts. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw cancelled(signal?.reason ?? error);
  }
}
