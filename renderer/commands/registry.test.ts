// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { createAppStore } from '#renderer/store/app-store.ts';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { findCommands } from './find-commands.ts';
import { commandForKey, runCommand } from './keyboard.ts';
import { COMMANDS } from './registry.ts';

const key = (value: string, code: string) => ({
  key: value,
  code,
  ctrlKey: true,
  metaKey: false,
  altKey: false,
  shiftKey: false,
});

test('no two commands share an id or a shortcut', () => {
  const ids = COMMANDS.map((command) => command.id);
  const shortcuts = COMMANDS.flatMap((command) => command.shortcuts ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(shortcuts).size).toBe(shortcuts.length);
});

test('typing finds commands by the beginnings of their words, whatever their order', () => {
  expect(findCommands(COMMANDS, 'dark')[0]?.id).toBe('theme-dark');
  expect(findCommands(COMMANDS, 'image pull').map((command) => command.id)).toContain('pull-image');
  expect(findCommands(COMMANDS, 'zzz')).toEqual([]);
  expect(findCommands(COMMANDS, ' ')).toBe(COMMANDS);
});

test('shortcuts lead to screens, and rest while a dialog is open', () => {
  const store = createAppStore(createFakeHost().client);
  expect(commandForKey(store, key('2', 'Digit2'), false)?.id).toBe('go-images');
  store.getState().dialogs.show({ kind: 'pull-image' });
  expect(commandForKey(store, key('2', 'Digit2'), false)).toBeUndefined();
});

test('a command that makes no sense now does not run', async () => {
  const store = createAppStore(createFakeHost().client);
  runCommand(store, 'tag-image');
  expect(store.getState().dialogs.open).toBeNull();
  await store.getState().images.load();
  store.getState().navigation.go({ screen: 'images' });
  const { list } = store.getState().images;
  const [first] = list.status === 'ready' ? list.value : [];
  store.getState().images.setSelected(new Set([first?.id ?? '']));
  runCommand(store, 'tag-image');
  expect(store.getState().dialogs.open).toMatchObject({
    kind: 'tag-image',
    image: { name: 'acme/web:1.4.2' },
  });
});

test('an unknown command is ignored', () => {
  const store = createAppStore(createFakeHost().client);
  runCommand(store, 'no-such-command');
  expect(store.getState().dialogs.open).toBeNull();
});
