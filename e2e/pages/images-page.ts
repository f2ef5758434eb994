import type { Locator, Page } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** The table of images. */
export class ImagesPage {
  readonly #page: Page;
  readonly grid: Locator;

  constructor(app: AppPage) {
    this.#page = app.page;
    this.grid = app.page.getByRole('grid', { name: 'Images' });
  }

  row(name: string | RegExp): Locator {
    return this.grid.getByRole('row', { name });
  }

  async select(name: string): Promise<void> {
    await this.grid.getByRole('checkbox', { name: `Select ${name}` }).click();
  }

  async search(words: string): Promise<void> {
    await this.#page.getByRole('searchbox', { name: 'Search images' }).fill(words);
  }

  async openPull(): Promise<void> {
    await this.#page.getByRole('main').getByRole('button', { name: 'Pull…' }).first().click();
  }

  /** Chooses an entry of a row's menu. */
  async choose(name: string, entry: string): Promise<void> {
    await this.grid.getByRole('button', { name: `More about ${name}` }).click();
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }
}
