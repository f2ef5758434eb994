import { expect, it } from 'vitest';
import type { Change } from '#shared/contract/app.ts';
import type { Operation } from '#shared/contract/operations.ts';
import { Broadcast } from './broadcast.ts';
import { tellOperationChanges } from './operation-changes.ts';
import { OperationRegistry } from './operation-registry.ts';

const tables: [kind: Operation['kind'], begun: string[], ended: string[]][] = [
  ['build', ['builds', 'projects'], ['builds', 'projects', 'images', 'storage']],
  ['pull', [], ['images', 'storage']],
  ['load', [], ['images', 'storage']],
  ['prune', [], ['images', 'builds', 'storage']],
  ['push', [], []],
];

it.each(tables)('a %s tells at its beginning %j and at its end %j', async (kind, begun, ended) => {
  const operations = new OperationRegistry();
  const changes = new Broadcast<Change>((change) => change.topic);
  const told: string[] = [];
  changes.subscribe(({ topic }) => void told.push(topic));
  tellOperationChanges(operations, changes);
  let end: () => void = () => {};
  const id = operations.start({ kind, title: 'Work' }, async ({ progress }) => {
    progress({ done: 1, total: 2, unit: 'bytes' });
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    throw new Error('it went wrong');
  });
  await expect.poll(() => operations.get(id).progress).not.toBeNull();
  expect(told).toEqual(begun);
  end();
  await expect.poll(() => operations.get(id).state).toBe('failed');
  expect(told.slice(begun.length)).toEqual(ended);
});
