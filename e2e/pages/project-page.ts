import { expect, type Locator, type Page } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** One project: its Dockerfile with the state of each step, and the pane beside it. */
export class ProjectPage {
  readonly #page: Page;
  readonly result: Locator;
  readonly log: Locator;

  constructor(app: AppPage) {
    this.#page = app.page;
    this.result = app.page.getByRole('region', { name: 'Result' });
    this.log = app.page.getByRole('log');
  }

  get buildButton(): Locator {
    return this.#page.getByRole('main').getByRole('button', { name: 'Build', exact: true });
  }

  get cancelButton(): Locator {
    return this.#page.getByRole('main').getByRole('button', { name: 'Cancel', exact: true });
  }

  /** Clicks Build and waits for the end. */
  async build(): Promise<void> {
    await this.buildButton.click();
    await this.isBuilt();
  }

  async isBuilt(): Promise<void> {
    await expect(this.result.getByRole('status')).toHaveText(/^Built/, { timeout: 40_000 });
  }

  /** The instruction that begins at a line, named with its state. */
  line(number: number): Locator {
    return this.#page.getByRole('button', { name: new RegExp(`^Line ${number}: `) });
  }

  /** Why the step at a line is rebuilt, as it stands in the source. */
  reasons(line: number): Locator {
    const source = this.#page.getByRole('list', { name: 'Dockerfile' });
    const item = source.getByRole('listitem').filter({ has: this.line(line) });
    return item.getByRole('list', { name: 'Why it is rebuilt' });
  }

  /** What is said at a line of the images that it takes from elsewhere. */
  notes(line: number): Locator {
    const source = this.#page.getByRole('list', { name: 'Dockerfile' });
    const item = source.getByRole('listitem').filter({ has: this.line(line) });
    return item.getByRole('list', { name: 'Images from elsewhere' });
  }

  /** Fails unless each line has the state that is given for it. */
  async expectStates(states: Readonly<Record<number, string | RegExp>>): Promise<void> {
    for (const [number, state] of Object.entries(states)) {
      const pattern = state instanceof RegExp ? state : new RegExp(`, ${state}(,|$)`);
      await expect(this.line(Number(number))).toHaveAccessibleName(pattern);
    }
  }

  async openImage(): Promise<void> {
    await this.result.getByRole('button', { name: 'Open image' }).click();
    await expect(this.#page.getByRole('listbox', { name: 'Layers, newest first' })).toBeVisible();
  }
}
