import { describe, expect, it } from 'vitest';
import type { Operation, TransferBlob } from '#shared/contract/operations.ts';
import { waitOf } from './wait-of.ts';

const operation = (part: Partial<Operation>): Operation => ({
  id: 'a',
  kind: 'push',
  title: 'Push',
  state: 'running',
  startedAt: 0,
  endedAt: null,
  progress: null,
  error: null,
  result: null,
  buildId: null,
  ...part,
});
const blob = (part: Partial<TransferBlob>): TransferBlob => ({
  digest: 'sha256:a',
  label: 'layer',
  size: 10,
  done: 5,
  state: 'retrying',
  ...part,
});

describe('what a transfer waits for', () => {
  it('is the layer that is tried first, with how many wait', () => {
    const blobs = [
      blob({ digest: 'b', retryAt: 9000, note: 'later' }),
      blob({ digest: 'c', retryAt: 5000, note: 'reg:5000 closed the connection' }),
      blob({ digest: 'd', state: 'done' }),
    ];
    expect(waitOf({ operation: operation({}), blobs })).toEqual({
      why: 'reg:5000 closed the connection.',
      at: 5000,
      layers: 2,
    });
  });

  it('is the question about the image where no layer waits', () => {
    const waiting = { why: 'the registry is not ready (status 503)', at: 7 };
    expect(waitOf({ operation: operation({ waiting }), blobs: [] })).toEqual({
      why: 'The registry is not ready (status 503).',
      at: 7,
      layers: 0,
    });
  });

  it('is nothing while it goes on, and nothing after the end', () => {
    expect(waitOf({ operation: operation({}), blobs: [blob({ state: 'transferring' })] })).toBeNull();
    const ended = operation({ state: 'failed' });
    expect(waitOf({ operation: ended, blobs: [blob({ retryAt: 5 })] })).toBeNull();
  });
});
