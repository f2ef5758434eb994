import { expect, type Locator } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** The dialogs that push and pull, and what they become while the work goes on. */
export class TransferDialog {
  readonly frame: Locator;
  readonly target: Locator;
  readonly layers: Locator;

  constructor(app: AppPage, kind: 'Push' | 'Pull') {
    this.frame = app.dialog(new RegExp(`^${kind} `));
    this.target = this.frame.getByRole('textbox', { name: kind === 'Push' ? 'Where to' : 'Image' });
    this.layers = this.frame.getByRole('list', { name: 'Layers', exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  /** Waits for the end and gives the digest that the dialog shows. */
  async digest(): Promise<string> {
    const shown = this.frame.getByRole('status').getByText(/^sha256:[0-9a-f]{64}$/);
    await expect(shown).toBeVisible({ timeout: 30_000 });
    return (await shown.textContent()) ?? '';
  }

  /** What went wrong, in words. */
  get problem(): Locator {
    return this.frame.getByRole('alert');
  }

  async close(): Promise<void> {
    await this.frame.getByRole('button', { name: 'Close' }).last().click();
    await expect(this.frame).toBeHidden();
  }
}
