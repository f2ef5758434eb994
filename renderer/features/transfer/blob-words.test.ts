import { expect, test } from 'vitest';
import type { TransferBlob } from '#shared/contract/operations.ts';
import { blobWords, joinPresent, transferNote, transferSums } from './blob-words.ts';

const blob = (label: string, state: TransferBlob['state'], size = 10): TransferBlob => ({
  digest: `sha256:${label}`,
  label,
  size,
  done: 0,
  state,
});

test('layers that are there already become one line below the others', () => {
  const lines = joinPresent([
    blob('base 1', 'exists'),
    blob('base 2', 'mounted', 5),
    blob('RUN a', 'transferring'),
    blob('COPY b', 'waiting'),
    blob('config', 'waiting'),
  ]);
  expect(lines.map((line) => [line.label, line.size])).toEqual([
    ['COPY b', 10],
    ['RUN a', 10],
    ['2 layers', 15],
    ['config', 10],
  ]);
});

test('of many layers those that move are on top', () => {
  const many = Array.from({ length: 12 }, (_, index) =>
    blob(`RUN ${index}`, index === 3 ? 'transferring' : 'waiting'),
  );
  const lines = joinPresent(many).map((line) => line.label);
  expect(lines.slice(0, 3)).toEqual(['RUN 3', 'RUN 11', 'RUN 10']);
});

test('a single layer that is there keeps its name', () => {
  expect(joinPresent([blob('base', 'exists'), blob('RUN a', 'done')]).map((line) => line.label)).toEqual([
    'RUN a',
    'base',
  ]);
});

test('what is left to send becomes less with each byte, and what is there never counts', () => {
  const moving = { ...blob('b', 'transferring', 2_000_000), done: 500_000 };
  const blobs = [
    blob('a', 'exists', 1_000_000),
    moving,
    blob('c', 'done', 1_000_000),
    blob('d', 'waiting', 0),
  ];
  expect(transferSums(blobs)).toEqual({ moving: 3_000_000, all: 4_000_000, left: 1_500_000 });
  expect(transferNote('push', true, blobs)).toBe('1.5 MB left to send of 3.0 MB');
  expect(transferNote('pull', false, blobs)).toBe('4.0 MB in all, 1.5 MB fetched');
  expect(transferNote('push', true, [])).toBeUndefined();
});

test('a layer that failed or is tried again says why, in a line of its own', () => {
  expect(blobWords({ ...blob('a', 'failed'), note: 'refused' }, true)).toEqual({
    text: 'failed',
    tone: 'bad',
    why: 'refused',
  });
  expect(blobWords({ ...blob('a', 'retrying'), note: 'the registry asks to wait' }, true)).toEqual({
    text: 'trying again',
    tone: 'warn',
    why: 'the registry asks to wait',
  });
  expect(blobWords(blob('a', 'exists'), false).text).toBe('already here');
});
