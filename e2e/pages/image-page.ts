import type { Locator, Page } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** One image: its layers, their files, and what else is known of it. */
export class ImagePage {
  readonly #page: Page;
  readonly layers: Locator;
  readonly files: Locator;

  constructor(app: AppPage) {
    this.#page = app.page;
    this.layers = app.page.getByRole('listbox', { name: 'Layers, newest first' });
    this.files = app.page.getByRole('treegrid');
  }

  layer(instruction: string | RegExp): Locator {
    return this.layers.getByRole('option', { name: instruction });
  }

  /** A row of the tree. */
  file(name: string): Locator {
    return this.files.getByRole('row', {
      name: new RegExp(`(^| )(file|directory|link|symlink) ${name.replace('.', '\\.')} `),
    });
  }

  async showStack(): Promise<void> {
    await this.#page.getByRole('radio', { name: 'Up to this layer' }).click();
  }

  async tab(name: string): Promise<Locator> {
    await this.#page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    return this.#page.getByRole('tabpanel', { name: new RegExp(`^${name}`) });
  }

  async openTags(): Promise<void> {
    await this.#page.getByRole('main').getByRole('button', { name: 'Tag…' }).click();
  }

  async openPush(): Promise<void> {
    await this.#page.getByRole('main').getByRole('button', { name: 'Push…' }).click();
  }
}
