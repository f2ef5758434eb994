import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { hold } from '#renderer/testing/hold.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';

test('a file that changes while the registries are asked does not put an end to that', async () => {
  const { client } = createFakeHost();
  const slow = hold(client.projects.bases);
  const store = createAppStore({ ...client, projects: { ...client.projects, bases: slow.call } });
  const bases = () => store.getState().bases;
  const opened = bases().load({ id: 'web' });
  slow.letGo();
  await opened;
  const checked = bases().check();
  const read = bases().load({ id: 'web' });
  expect(bases().isChecking).toBe(true);
  await until('both are asked', () => slow.waiting() === 2);
  slow.letGo();
  slow.letGo();
  await Promise.all([checked, read]);
  const { uses, isChecking, checkedAt } = bases();
  expect(uses.status === 'ready' && uses.value.some(({ newer }) => newer === true)).toBe(true);
  expect(isChecking).toBe(false);
  expect(checkedAt).not.toBeNull();
});
