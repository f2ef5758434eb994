import type { Locator, Page } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** The journal of moved tags, and the dialog about one move. */
export class JournalPage {
  readonly #page: Page;
  readonly grid: Locator;
  readonly search: Locator;

  constructor(app: AppPage) {
    this.#page = app.page;
    this.grid = app.page.getByRole('grid', { name: 'Moved tags' });
    this.search = app.page.getByRole('searchbox', { name: 'Search the journal' });
  }

  /** The rows below the head. */
  get rows(): Locator {
    return this.grid.getByRole('rowgroup').getByRole('row');
  }

  /** Opens the newest move that fits the words. */
  async open(words: string | RegExp): Promise<Locator> {
    await this.rows.filter({ hasText: words }).first().click();
    return this.#page.getByRole('dialog');
  }
}
