import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { appRoot } from '../platform/app-root.ts';
import { menuTemplate } from './menu.ts';

function itemsOf(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

/** Ids as the page's command files spell them; those of screens are made from their names. */
async function pageCommands(): Promise<Set<string>> {
  const folder = join(appRoot(), 'renderer', 'commands');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const text = (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
  const ids = [...text.matchAll(/\bid: '([\w-]+)'/g)].map(([, id = '']) => id);
  const screens = [...text.matchAll(/\bscreen: '([\w-]+)'/g)].map(([, screen = '']) => `go-${screen}`);
  return new Set([...ids, ...screens]);
}

it.each([true, false])('sends commands that the page has (macOS: %s)', async (isMac) => {
  const known = await pageCommands();
  const sent: string[] = [];
  const run = (id: string) => void sent.push(id);
  for (const { click } of itemsOf(menuTemplate(run, isMac))) {
    (click as (() => void) | undefined)?.();
  }
  expect(sent.length).toBeGreaterThan(15);
  expect(sent.filter((id) => !known.has(id))).toEqual([]);
});

it('shows the keys and leaves their handling to the page', () => {
  for (const item of itemsOf(menuTemplate(() => {}, false))) {
    if (item.accelerator !== undefined) expect(item).toMatchObject({ registerAccelerator: false });
  }
});

it('can be left by the keyboard on every system', () => {
  const roles = (isMac: boolean) => itemsOf(menuTemplate(() => {}, isMac)).map((item) => item.role);
  expect(roles(true)).toEqual(expect.arrayContaining(['appMenu', 'quit', 'close']));
  expect(roles(false)).toContain('quit');
});
