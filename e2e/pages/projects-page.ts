import { basename, dirname } from 'node:path';
import { expect, type Locator } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** The list of projects and the chooser of folders. */
export class ProjectsPage {
  readonly #app: AppPage;

  constructor(app: AppPage) {
    this.#app = app;
  }

  get chooser(): Locator {
    return this.#app.dialog('Open a folder');
  }

  /** Opens a folder through the chooser: its parent by path, itself by a click. */
  async openFolder(path: string): Promise<void> {
    const { page } = this.#app;
    await page.getByRole('main').getByRole('button', { name: 'Open folder…' }).first().click();
    await expect(this.chooser.getByRole('listbox')).toBeVisible();
    const way = this.chooser.getByRole('textbox', { name: 'Path' });
    if ((await way.inputValue()) !== dirname(path)) {
      await way.fill(dirname(path));
      await page.keyboard.press('Enter');
    }
    await this.chooser.getByRole('option', { name: new RegExp(`^${basename(path)}\\b`) }).click();
    await this.chooser.getByRole('button', { name: `Open ${basename(path)}` }).click();
    await expect(this.#app.heading(basename(path))).toBeVisible();
  }

  project(name: string): Locator {
    return this.#app.page.getByRole('list', { name: 'Projects' }).getByRole('link', { name });
  }
}
