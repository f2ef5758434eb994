import { describe, expect, it } from 'vitest';
import { createLimiter, forEachParallel } from '../image/limiter.ts';
import { networkError } from './network-errors.ts';
import { isHopeless, parseRetryAfter, retryDelay, wait } from './retry.ts';
import type { WireResponse } from './transport.ts';

const policy = { retries: 5, firstDelayMs: 1000, maxDelayMs: 60_000 };
const asking = (value: string) => ({ header: () => value }) as Partial<WireResponse> as WireResponse;

describe('retryDelay', () => {
  it.each([
    [0, undefined, 1000],
    [1, undefined, 2000],
    [3, undefined, 8000],
    [20, undefined, 60_000],
    [0, '7', 7000],
    [0, '100000', 60_000],
    [0, 'Thu, 01 Jan 1970 00:00:10 GMT', 10_000],
    [0, 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
    [0, 'soon', 1000],
    [0, '-5', 0],
  ])('before try %i with %s is %i ms', (attempt, after, expected) => {
    expect(retryDelay(attempt, policy, after === undefined ? undefined : asking(after), 0, 0)).toBe(expected);
  });

  it('reads no time from an empty header', () => {
    expect(parseRetryAfter(' ', 0)).toBeUndefined();
  });

  it.each<[string, number, number, string | undefined, boolean]>([
    ['a longer wait than ours', 429, 0, '3600', true],
    ['a wait that we can do', 429, 4, '5', false],
    ['a quota without a time, at first', 429, 0, undefined, false],
    ['a quota without a time, in the end', 429, 2, undefined, true],
    ['a fault of the moment', 503, 4, undefined, false],
  ])('of %s is hopeless or not', (_, status, attempt, after, expected) => {
    const response = { ...(after === undefined ? { header: () => undefined } : asking(after)), status };
    expect(isHopeless(attempt, policy, response as unknown as WireResponse, 0)).toBe(expected);
  });

  it('is cut short by cancelling', async () => {
    await expect(wait(60_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('networkError', () => {
  const coded = (code: string): Error => Object.assign(new Error('raw'), { code });
  it.each([
    ['ENOTFOUND', 'registry-unreachable', /is not known by that name/],
    ['ECONNREFUSED', 'registry-unreachable', /does not accept connections/],
    ['ECONNRESET', 'registry-unreachable', /closed the connection/],
    ['UND_ERR_CONNECT_TIMEOUT', 'registry-unreachable', /does not answer/],
    ['HPE_INVALID_CONSTANT', 'registry-unreachable', /does not speak http/],
    ['CERT_HAS_EXPIRED', 'tls', /has expired/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', /another host name/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', /signed by itself/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', /plain http where https was expected/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', /No secure connection/],
    ['ESOMETHING', 'registry-unreachable', /failed: raw/],
  ])('tells %s as %s', (code, expected, message) => {
    const error = networkError(new Error('wrapped', { cause: coded(code) }), 'reg.example.com');
    expect(error).toMatchObject({ code: expected, message: expect.stringMatching(message) });
    expect(error.hint).toBeTruthy();
  });

  it('tells an aborted signal as cancelled, whatever broke', () => {
    expect(networkError(coded('ECONNRESET'), 'x', AbortSignal.abort()).code).toBe('cancelled');
  });
});

describe('limiter', () => {
  it('runs so many at once, in order, and lets one leave the queue', async () => {
    const limiter = createLimiter(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const stop = new AbortController();
    const work = (id: number, signal?: AbortSignal) =>
      limiter.run(async () => {
        order.push(id);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
      }, signal);
    const all = [work(1), work(2), work(3, stop.signal), work(4)];
    stop.abort();
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect([order, most]).toEqual([[1, 2, 4], 2]);
  });

  it('stops the others at the first failure and throws that one', async () => {
    const ended: number[] = [];
    const failing = forEachParallel([1, 2, 3, 4, 5], 2, undefined, async (item, signal) => {
      if (item === 1) throw new Error('first');
      await wait(1000, signal).finally(() => ended.push(item));
    });
    await expect(failing).rejects.toThrow('first');
    expect(ended).toEqual([2]);
  });
});
