import { describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import type { BlobProgress } from '../../image/image.ts';
import { transferError } from './transfer-errors.ts';
import { createTransferProgress } from './transfer-progress.ts';

const DIFF_ID = `sha256:16776771fc04${'0'.repeat(52)}`;
const DIGEST = `sha256:${'7'.repeat(64)}`;

function follow(expected: { digest: string; size: number }[], messages: readonly object[]) {
  const told: BlobProgress[] = [];
  const progress = createTransferProgress(expected, (blob) => told.push(blob));
  for (const message of messages) progress.accept(message);
  const lines = told.map(
    ({ descriptor, state, done }) => `${descriptor.digest.slice(7, 19)} ${state} ${done}/${descriptor.size}`,
  );
  return { lines, progress };
}

describe('the progress of a push', () => {
  it('is told for the whole diffID, never beyond the size', () => {
    const { lines, progress } = follow(
      [{ digest: DIFF_ID, size: 2 }],
      [
        { status: 'The push refers to repository [h/t/x]' },
        { status: 'Preparing', progressDetail: {}, id: '16776771fc04' },
        { status: 'Pushing', progressDetail: { current: 1, total: 2 }, id: '16776771fc04' },
        { status: 'Pushing', progressDetail: { current: 2048, total: 2 }, id: '16776771fc04' },
        { status: 'Pushed', progressDetail: {}, id: '16776771fc04' },
        { progressDetail: {}, aux: { Tag: '1', Digest: DIGEST, Size: 946 } },
      ],
    );
    expect(lines).toEqual([
      '16776771fc04 waiting 0/2',
      '16776771fc04 waiting 0/2',
      '16776771fc04 transferring 1/2',
      '16776771fc04 transferring 2/2',
      '16776771fc04 done 2/2',
    ]);
    expect(progress.result()).toEqual({ digest: DIGEST, size: 946 });
    expect(progress.failure()).toBeNull();
  });

  it.each([
    ['Layer already exists', 'exists'],
    ['Mounted from library/x', 'mounted'],
    ['Retrying in 5 seconds', 'retrying'],
    ['Waiting', 'waiting'],
  ])('knows "%s"', (status, state) => {
    const { lines } = follow([{ digest: DIFF_ID, size: 2 }], [{ status, id: '16776771fc04' }]);
    expect(lines[1]).toContain(` ${state} `);
  });

  it("reads Podman's digest out of its text", () => {
    const { progress } = follow([], [{ status: `1: digest: ${DIGEST} size: 735` }]);
    expect(progress.result()).toEqual({ digest: DIGEST, size: 735 });
  });
});

describe('the progress of a pull', () => {
  it('meets layers as they come and counts their bytes once', () => {
    const id = 'f11cbe838a8a';
    const { lines, progress } = follow(
      [],
      [
        { status: 'Pulling from t/x', id: '1' },
        { status: 'Pulling fs layer', progressDetail: {}, id },
        { status: 'Downloading', progressDetail: { current: 100, total: 300 }, id },
        { status: 'Download complete', progressDetail: {}, id },
        { status: 'Extracting', progressDetail: { current: 10, total: 300 }, id },
        { status: 'Pull complete', progressDetail: {}, id },
        { status: `Digest: ${DIGEST}` },
        { status: 'Status: Downloaded newer image for h/t/x:1' },
      ],
    );
    expect(lines).toEqual([
      `${id} waiting 0/0`,
      `${id} transferring 100/300`,
      `${id} verifying 300/300`,
      `${id} verifying 300/300`,
      `${id} done 300/300`,
    ]);
    expect(progress.result()?.digest).toBe(DIGEST);
  });
});

describe('what engines say of a registry', () => {
  it.each([
    ['no basic auth credentials', 'unauthorized'],
    ['unauthorized: authentication required', 'unauthorized'],
    ['denied: requested access to the resource is denied', 'forbidden'],
    ['toomanyrequests: You have reached your pull rate limit', 'rate-limited'],
    ['Get "https://h/v2/": http: server gave HTTP response to HTTPS client', 'tls'],
    ['Get "https://h/v2/": x509: certificate signed by unknown authority', 'tls'],
    ['Get "http://h/v2/": dial tcp 127.0.0.1:5099: connect: connection refused', 'registry-unreachable'],
    ['Get "https://h/v2/": dial tcp: lookup h: no such host', 'registry-unreachable'],
    ['manifest for h/t/x:2 not found: manifest unknown: manifest unknown', 'not-found'],
    ['write /x: no space left on device', 'disk-full'],
    ['received unexpected HTTP status: 500 Internal Server Error', 'registry-error'],
  ])('%s', (words, code) => {
    const error = transferError(words, parseReference('h.example/t/x:2'), 'Docker');
    expect(error).toMatchObject({ code, detail: { kind: 'registry', host: 'h.example', repository: 't/x' } });
    if (code !== 'registry-error') expect(error.hint).toBeTruthy();
  });
});
