import { afterEach, expect, test } from 'vitest';
import { type DrawnApp, drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { hold } from '#renderer/testing/hold.ts';
import { watchLostFocus } from './keep-focus.ts';

afterEach(leaveApps);

async function pullingSlowly(): Promise<{ app: DrawnApp; letGo(): void }> {
  let slow: { letGo(): void } | undefined;
  const app = await drawApp('#/images', { beat: 2 }, (client) => {
    const held = hold(client.registries.pull);
    slow = held;
    return { ...client, registries: { ...client.registries, pull: held.call } };
  });
  app.store.getState().dialogs.show({ kind: 'pull-image', reference: 'nginx:1.27' });
  return { app, letGo: () => slow?.letGo() };
}

test('a button that is off while its work goes on keeps the focus, and does nothing more', async () => {
  const { app, letGo } = await pullingSlowly();
  const button = (await app.find('Pull')) as HTMLButtonElement;
  button.focus();
  await app.click('Pull');
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(button.disabled).toBe(false);
  expect(document.activeElement).toBe(button);
  button.click();
  letGo();
  await app.until('its end', () => app.words().includes('is here'));
  expect(Object.keys(app.store.getState().operations.byId)).toHaveLength(1);
});

test('a button that is off and has no focus is out of the way of the keyboard', async () => {
  const { app } = await pullingSlowly();
  const button = (await app.find('Pull')) as HTMLButtonElement;
  await app.type('Image', '');
  expect(button.disabled).toBe(true);
});

test('when the button that had the focus is gone, the dialog gives it to what goes on', async () => {
  const { app, letGo } = await pullingSlowly();
  await app.click('Pull');
  letGo();
  const stop = await app.find('Cancel');
  stop.focus();
  await app.until('its end', () => app.words().includes('is here'));
  await app.until('the focus', () => document.activeElement === app.all('Close').at(-1));
});

test('the focus that a person took elsewhere is left there', async () => {
  const box = document.body.appendChild(document.createElement('div'));
  const [first, second] = [0, 1].map(() => box.appendChild(document.createElement('button')));
  const outside = document.body.appendChild(document.createElement('button'));
  let lost = 0;
  const stop = watchLostFocus(box, () => {
    lost += 1;
  });
  first?.focus();
  outside.focus();
  second?.remove();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(lost).toBe(0);
  stop();
});

test('a choice in a dialog is taken by Enter', async () => {
  const app = await drawApp('#/images', { beat: 2 });
  const { dialogs } = app.store.getState();
  await app.until('the images', () => app.words().includes('acme/web'));
  dialogs.show({
    kind: 'save-image',
    image: { engine: 'builtin', id: '', ref: 'acme/web:1.4.2', name: 'web' },
  });
  await app.press(await app.find('OCI image layout (tar)'), 'Enter');
  await app.until('the saving', () => app.store.getState().dialogs.open?.kind === 'operation');
});

test('the focus of a row that is removed goes to its list, and of a screen that is left to the next', async () => {
  const app = await drawApp('#/images');
  const menu = await app.find('More about acme/worker:0.9.0');
  menu.focus();
  const id = app.host.images().find(({ names }) => names.includes('acme/worker:0.9.0'))?.id ?? '';
  await app.store.getState().images.remove('builtin', [id], true);
  await app.until('the list', () => document.activeElement?.getAttribute('aria-label') === 'Images');
  app.store.getState().navigation.go({ screen: 'builds' });
  await app.until('the next screen', () => document.querySelector('main')?.contains(document.activeElement));
});

test('a dialog that takes the place of another has the focus, not what that was opened from', async () => {
  const app = await drawApp('#/images', { beat: 2 });
  (await app.find('More about acme/worker:0.9.0')).focus();
  const { dialogs } = app.store.getState();
  dialogs.show({ kind: 'pull-image' });
  await app.until('the first', () => document.activeElement === app.all('Image')[0]);
  dialogs.show({ kind: 'sign-in', host: 'quay.io' });
  await app.find('User name');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(document.activeElement).toBe(app.all('User name')[0]);
});

test('a notice that goes with what was pressed on it leaves the focus on the screen', async () => {
  const app = await drawApp('#/images');
  app.store.getState().toasts.add({ tone: 'done', title: 'x', action: { label: 'Undo', run: () => {} } });
  (await app.find('Undo')).focus();
  await app.click('Undo');
  await app.until('the list', () => document.activeElement?.getAttribute('aria-label') === 'Images');
});
