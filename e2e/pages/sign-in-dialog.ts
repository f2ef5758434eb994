import type { Locator } from '@playwright/test';
import type { AppPage } from './app-page.ts';

/** The dialog that asks for an account of a registry. */
export class SignInDialog {
  readonly frame: Locator;

  constructor(app: AppPage) {
    this.frame = app.dialog(/^Sign in/);
  }

  get button(): Locator {
    return this.frame.getByRole('button', { name: 'Sign in', exact: true });
  }

  /** Fills what is asked for and sends it; the host stays as it is where none is given. */
  async send(account: { host?: string; username: string; password: string }): Promise<void> {
    if (account.host !== undefined)
      await this.frame.getByRole('combobox', { name: 'Registry' }).fill(account.host);
    await this.frame.getByRole('textbox', { name: 'User name' }).fill(account.username);
    await this.frame.getByRole('textbox', { name: 'Password or token' }).fill(account.password);
    await this.button.click();
  }
}
