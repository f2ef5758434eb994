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

/** Resolves after `ms`; throws `cancelled` as soon as the signal aborts. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw cancelled(signal?.reason ?? error);
  }
}
