import type { Locator, Page } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** A registry with its repositories, and a repository with its tags. */
export class RegistryPage {
  readonly #app: AppPage;
  readonly #page: Page;
  readonly repositories: Locator;
  readonly tags: Locator;

  constructor(app: AppPage) {
    this.#app = app;
    this.#page = app.page;
    this.repositories = app.page.getByRole('grid', { name: 'Repositories' });
    this.tags = app.page.getByRole('grid', { name: 'Tags' });
  }

  /** Types a host, a repository or an image into the field of the registries screen. */
  async open(place: string): Promise<void> {
    await this.#app.go('Registries');
    await this.#page.getByRole('textbox', { name: 'Registry or repository' }).fill(place);
    await this.#page.keyboard.press('Enter');
  }

  /** The row of a tag. */
  tag(name: string): Locator {
    return this.tags.getByRole('row', { name: new RegExp(`^${name.replaceAll('.', '\\.')} `) });
  }

  /** Chooses an entry of a tag's menu. */
  async choose(tag: string, entry: string): Promise<void> {
    await this.tags.getByRole('button', { name: `More about ${tag}`, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }
}
