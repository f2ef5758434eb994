import { expect, type Locator } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** The dialog that adds, moves and removes the tags of an image. */
export class TagDialog {
  readonly frame: Locator;

  constructor(app: AppPage) {
    this.frame = app.dialog('Tags');
  }

  tag(name: string): Locator {
    return this.frame
      .getByRole('list', { name: 'Tags of the image' })
      .getByRole('listitem')
      .filter({ hasText: name });
  }

  async add(name: string): Promise<void> {
    await this.frame.getByRole('textbox', { name: 'New tag' }).fill(name);
    await this.frame.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(this.tag(name)).toBeVisible();
  }

  async remove(name: string): Promise<void> {
    await this.frame.getByRole('button', { name: `Remove ${name}` }).click();
    await expect(this.tag(name)).toBeHidden();
  }

  async close(): Promise<void> {
    await this.frame.getByRole('button', { name: 'Done' }).click();
    await expect(this.frame).toBeHidden();
  }
}
