import { expect, type Locator } from '@playwright/test';
import type { AppPage } from './app-page.ts';
import { ImagesPage } from './images-page.ts';

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

  /** The line of a layer, by words of what made it. */
  layer(words: string): Locator {
    return this.layers.getByRole('listitem').filter({ hasText: words });
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

/** Opens the push dialog of an image of the store by one of its names. */
export async function openPush(app: AppPage, ref: string): Promise<void> {
  await app.go('Images');
  const images = new ImagesPage(app);
  await expect(images.row(ref.slice(0, ref.lastIndexOf(':')))).toHaveCount(1);
  await images.choose(ref, 'Push…');
}

/** Opens the pull dialog, fills in what is pulled and begins. */
export async function openPull(app: AppPage, ref: string): Promise<void> {
  await app.go('Images');
  await new ImagesPage(app).openPull();
  const pull = new TransferDialog(app, 'Pull');
  await pull.target.fill(ref);
  await pull.button('Pull').click();
}
