import type { WireResponse } from './transport.ts';

/** How many pulls a registry still allows (Docker Hub's headers). */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds after which a used pull counts no more; null where it is not told. */
  readonly windowSeconds: number | null;
  /** What the limit is counted by: an address or a user; null where it is not told. */
  readonly source: string | null;
}

/** The limit that an answer tells, undefined where it tells none (plans without a limit). */
export function readRateLimit(response: WireResponse): RateLimit | undefined {
  const limit = parseCount(response.header('ratelimit-limit'));
  const remaining = parseCount(response.header('ratelimit-remaining'));
  if (limit === undefined || remaining === undefined) return undefined;
  return {
    limit: limit.count,
    remaining: remaining.count,
    windowSeconds: limit.window ?? remaining.window ?? null,
    source: response.header('docker-ratelimit-source') ?? null,
  };
}

/** Reads `100;w=21600`. */
function parseCount(value: string | undefined): { count: number; window: number | undefined } | undefined {
  const found = /^\s*(\d+)\s*(?:;\s*w\s*=\s*(\d+))?/.exec(value ?? '');
  if (found === null) return undefined;
  return { count: Number(found[1]), window: found[2] === undefined ? undefined : Number(found[2]) };
}
