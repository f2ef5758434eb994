import { expect, test } from 'vitest';
import type { TransferBlob } from '#shared/contract/operations.ts';
import { blobWords, joinPresent, transferSums } from './blob-words.ts';

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

test('what is there is not counted as to be sent', () => {
  expect(transferSums([blob('a', 'exists'), blob('b', 'waiting'), blob('c', 'done')])).toEqual({
    moving: 20,
    all: 30,
  });
});

test('a failed layer says why', () => {
  expect(blobWords({ ...blob('a', 'failed'), note: 'refused' }, true)).toEqual({
    text: 'refused',
    tone: 'bad',
  });
  expect(blobWords(blob('a', 'exists'), false).text).toBe('already here');
});
