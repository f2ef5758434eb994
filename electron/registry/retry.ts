import { setTimeout as sleep } from 'node:timers/promises';
import type { Wake } from '../platform/wake.ts';
import { cancelled } from './network-errors.ts';
import type { WireResponse } from './transport.ts';

/** How often and how patiently a request is tried again. */
export interface RetryPolicy {
  /** Times that a request is repeated after its first failure. */
  readonly retries: number;
  readonly firstDelayMs: number;
  /** Longest wait that we choose by ourselves. */
  readonly maxDelayMs: number;
  /** Longest wait that a server may ask for; default: `maxDelayMs`. */
  readonly maxAskedMs?: number | undefined;
}

/** For a question that somebody waits for (a tag, a list): three seconds in all. */
export const REQUEST_RETRY: RetryPolicy = { retries: 2, firstDelayMs: 1000, maxDelayMs: 60_000 };

/** For bytes on their way, where giving up costs more than waiting: a registry that restarts has two minutes. */
export const TRANSFER_RETRY: RetryPolicy = {
  retries: 10,
  firstDelayMs: 1000,
  maxDelayMs: 15_000,
  maxAskedMs: 60_000,
};

/** How waits before repetitions are told and cut short. */
export interface RetryWatch {
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait: why, and when the next try is (milliseconds since 1970). */
  readonly onRetry?: ((why: string, at: number) => void) | undefined;
  readonly wake?: Wake | undefined;
}

/** A quota that is used up is not free again in seconds; a burst is. */
const TRIES_WITHOUT_A_TIME = 2;

/** A fault of the registry's own (500) is not one of a restart (502, 503, 504): it seldom goes by itself. */
const TRIES_AT_A_FAULT = 3;

const STATUSES = new Set([408, 429, 500, 502, 503, 504]);

/** Whether an answer with this status may be another one in a moment. */
export function isRetryStatus(status: number): boolean {
  return STATUSES.has(status);
}

/**
 * Milliseconds to wait before attempt `attempt` (0 is the first repetition): what the server asks for in
 * `Retry-After` (seconds or a date), else doubling with up to a quarter more by chance. Never above its maximum.
 */
export function retryDelay(
  attempt: number,
  policy: RetryPolicy,
  response?: WireResponse,
  now = Date.now(),
  chance = Math.random(),
): number {
  const asked = parseRetryAfter(response?.header('retry-after'), now);
  if (asked !== undefined) return Math.min(asked, policy.maxAskedMs ?? policy.maxDelayMs);
  return Math.min(policy.firstDelayMs * 2 ** attempt * (1 + chance / 4), policy.maxDelayMs);
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
  if (asked !== undefined) return asked > (policy.maxAskedMs ?? policy.maxDelayMs);
  if (response.status === 500) return attempt >= TRIES_AT_A_FAULT;
  return response.status === 429 && attempt >= TRIES_WITHOUT_A_TIME;
}

/** Resolves after `ms`, or as soon as somebody wakes it; throws `cancelled` as soon as the signal aborts. */
export async function wait(ms: number, signal?: AbortSignal, wake?: Wake): Promise<void> {
  const cut = new AbortController();
  const leave = wake?.onWake(() => cut.abort());
  try {
    await sleep(ms, undefined, {
      signal: signal === undefined ? cut.signal : AbortSignal.any([signal, cut.signal]),
    });
  } catch (error) {
    if (signal?.aborted || !cut.signal.aborted) throw cancelled(signal?.reason ?? error);
  } finally {
    leave?.();
  }
}

/** Tells a wait and then waits, milliseconds. */
export async function waitTold(ms: number, why: string, watch: RetryWatch): Promise<void> {
  watch.onRetry?.(why, Date.now() + ms);
  await wait(ms, watch.signal, watch.wake);
}
