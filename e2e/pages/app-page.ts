import { expect, type Locator, type Page } from '@playwright/test';

/** All screens, as the side bar names them from top to bottom. */
export const SCREENS = [
  'Projects',
  'Images',
  'Builds',
  'Containers',
  'Registries',
  'Storage',
  'Tags',
  'Settings',
] as const;

export type ScreenName = (typeof SCREENS)[number];

/** What stands around every screen. */
export class AppPage {
  readonly page: Page;
  readonly origin: string;
  readonly notices: Locator;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.origin = origin;
    this.notices = page.getByRole('region', { name: 'Notices' });
  }

  async isReady(): Promise<void> {
    await expect(this.page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
    await expect(this.engine).toHaveText(/images?$/);
  }

  /** The engine whose images are shown. */
  get engine(): Locator {
    return this.page.getByRole('button', { name: /^Engine: / });
  }

  /** Goes to a screen by the side bar. */
  async go(name: ScreenName): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name });
  }

  /** Opens the palette by its shortcut and runs the command that the words find first. */
  async command(words: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('combobox', { name: 'Find a command' }).fill(words);
    await this.page.keyboard.press('Enter');
  }
}
