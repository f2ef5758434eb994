import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { hold } from '#renderer/testing/hold.ts';

afterEach(leaveApps);

describe('the registries screen', () => {
  it('shows where each credential is kept and warns of plain text', async () => {
    const app = await drawApp('#/registries');
    await app.until('the accounts', () => app.words().includes('acme-bot'));
    expect(app.words()).toContain('docker credential helper secretservice');
    expect(app.words()).toContain('It is kept as plain text');
    const [, , foreign] = app.all('Sign out…');
    expect(foreign?.getAttribute('aria-disabled')).toBe('true');
  });

  it('keeps what was typed after a refusal, tells why, and never puts the password into the state', async () => {
    const app = await drawApp('#/registries');
    await app.click('Sign in…');
    await app.click('Sign in');
    expect(app.words()).toContain('Give the host of the registry.');
    await app.type('Registry', 'https://quay.io/');
    await app.type('User name', 'ada');
    await app.type('Password or token', 'wrong');
    await app.click('Sign in');
    await app.until('the refusal', () => app.words().includes('quay.io does not accept'));
    expect(JSON.stringify(app.store.getState())).not.toContain('wrong');
    await app.type('Password or token', 'right-secret');
    await app.click('Sign in');
    await app.until('the account', () => app.store.getState().dialogs.open === null);
    expect(app.words()).toContain('Signed in to quay.io as ada');
    expect(JSON.stringify(app.store.getState())).not.toContain('right-secret');
  });

  it('leads back to the dialog that wanted the sign-in', async () => {
    const app = await drawApp('#/registries');
    app.store.getState().dialogs.show({ kind: 'sign-in', host: 'ghcr.io', next: { kind: 'pull-image' } });
    await app.type('User name', 'ada');
    await app.type('Password or token', 'x');
    await app.click('Sign in');
    await app.until('the dialog before', () => app.store.getState().dialogs.open?.kind === 'pull-image');
  });

  it('signs out after asking', async () => {
    const app = await drawApp('#/registries');
    await app.click('Sign out…');
    await app.click('Sign out');
    const accounts = () => document.querySelector('[aria-label=Accounts]')?.textContent;
    await app.until('its end', () => accounts()?.includes('docker.io') === false);
  });
});

describe('a sign-in that is left while the registry is asked', () => {
  it('neither goes on with what waited for it nor closes what was opened since', async () => {
    let slow: { letGo(): void } | undefined;
    const app = await drawApp('#/registries', {}, (client) => {
      const held = hold(client.registries.login);
      slow = held;
      return { ...client, registries: { ...client.registries, login: held.call } };
    });
    let isResumed = false;
    const resume = async (): Promise<void> => {
      isResumed = true;
    };
    app.store.getState().dialogs.show({ kind: 'sign-in', host: 'ghcr.io', resume });
    await app.type('User name', 'ada');
    await app.type('Password or token', 'x');
    await app.click('Sign in');
    await app.click('Cancel');
    app.store.getState().dialogs.show({ kind: 'pull-image' });
    slow?.letGo();
    await app.until('it is signed in', () => app.words().includes('Signed in to ghcr.io as ada'));
    expect(app.store.getState().dialogs.open?.kind).toBe('pull-image');
    expect(isResumed).toBe(false);
  });
});
