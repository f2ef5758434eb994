import { expect, test } from 'vitest';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { toDialogImage } from '#renderer/features/images/image-rows.ts';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';

async function loaded() {
  const host = createFakeHost();
  const store = createAppStore(host.client);
  await store.getState().images.load();
  const image = (name: string): DialogImage => {
    const found = host.images().find((one) => one.names.includes(name));
    if (found === undefined) throw new Error(`No image ${name}.`);
    return toDialogImage(found);
  };
  const ownerOf = (name: string): string | undefined =>
    host.images().find((one) => one.names.includes(name))?.id;
  const undo = (): void => store.getState().toasts.items.at(-1)?.action?.run();
  return { host, store, image, ownerOf, undo, tags: () => store.getState().tags };
}

test('a name that is being typed is resolved to where it points', async () => {
  const { tags, ownerOf } = await loaded();
  tags().type('builtin', 'acme/web:1.4.1');
  await until('it is resolved', () => tags().target.status === 'ready');
  expect(tags().target).toMatchObject({ value: { name: 'acme/web:1.4.1', id: ownerOf('acme/web:1.4.1') } });
});

test('a bad name is told while it is typed', async () => {
  const { tags } = await loaded();
  tags().type('builtin', 'Not A Name');
  await until('it is refused', () => tags().target.status === 'failed');
  expect(tags().target).toMatchObject({ error: { code: 'invalid-input' } });
});

test('a tag that is added can be taken back', async () => {
  const { tags, image, ownerOf, undo, store } = await loaded();
  const web = image('acme/web:1.4.2');
  await tags().add(web, 'acme/web:1.5.0');
  expect(ownerOf('acme/web:1.5.0')).toBe(web.id);
  expect(store.getState().toasts.items.at(-1)?.title).toBe('acme/web:1.5.0 added');
  undo();
  await until('the tag is gone', () => ownerOf('acme/web:1.5.0') === undefined);
});

test('a tag that is moved goes back to the image it came from', async () => {
  const { tags, image, ownerOf, undo, store } = await loaded();
  const before = ownerOf('acme/web:1.4.1');
  const web = image('acme/web:1.4.2');
  await tags().add(web, 'acme/web:1.4.1');
  expect(ownerOf('acme/web:1.4.1')).toBe(web.id);
  expect(store.getState().toasts.items.at(-1)?.title).toBe('acme/web:1.4.1 moved here');
  undo();
  await until('the tag is back', () => ownerOf('acme/web:1.4.1') === before);
});

test('a tag that is removed comes back', async () => {
  const { tags, ownerOf, undo } = await loaded();
  const before = ownerOf('acme/web:1.4');
  await tags().remove('builtin', 'acme/web:1.4');
  expect(ownerOf('acme/web:1.4')).toBeUndefined();
  undo();
  await until('the tag is back', () => ownerOf('acme/web:1.4') === before);
});

test('what is undone while a change is under way is that change, not the one before it', async () => {
  const { tags, image, ownerOf } = await loaded();
  const web = image('acme/web:1.4.2');
  await tags().add(web, 'acme/web:1.5.0');
  const removed = tags().remove('builtin', 'acme/web:1.4');
  const undone = tags().undo();
  await Promise.all([removed, undone]);
  expect(ownerOf('acme/web:1.4')).toBe(web.id);
  expect(ownerOf('acme/web:1.5.0')).toBe(web.id);
  expect(tags().changes.map(({ title }) => title)).toEqual(['acme/web:1.5.0 added']);
});

test('a change that was refused holds up none after it', async () => {
  const { tags, image, ownerOf } = await loaded();
  const refused = tags().add(image('acme/web:1.4.2'), 'Not A Name');
  const removed = tags().remove('builtin', 'acme/web:1.4');
  await expect(refused).rejects.toThrow();
  await removed;
  expect(ownerOf('acme/web:1.4')).toBeUndefined();
});
