import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { hold } from '#renderer/testing/hold.ts';

afterEach(leaveApps);

describe('the settings screen', () => {
  it('shows each finding with its mend and a command to copy', async () => {
    const app = await drawApp('#/settings');
    await app.until('the findings', () => app.words().includes('User namespaces'));
    expect(app.words()).toContain('sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0');
    expect(app.all('Copy the command')).toHaveLength(2);
  });

  it('adds and removes a mirror, and refuses what is none', async () => {
    const app = await drawApp('#/settings');
    const field = await app.find('New mirror');
    await app.type('New mirror', 'docker.io');
    await app.press(field, 'Enter');
    expect(app.words()).toContain('Write it as registry = mirror');
    await app.type('New mirror', 'docker.io = localhost:5000');
    await app.click('Add mirror');
    const mirrors = () => {
      const { value } = app.store.getState().settings;
      return value.status === 'ready' ? value.value.mirrors : undefined;
    };
    await app.until('the mirror', () => mirrors()?.['docker.io'] === 'localhost:5000');
    await app.click('Remove mirror docker.io = localhost:5000');
    await app.until('its end', () => Object.keys(mirrors() ?? {}).length === 0);
  });

  it('changes the appearance at once', async () => {
    const app = await drawApp('#/settings');
    await app.click('Light');
    await app.until('the change', () => {
      const { value } = app.store.getState().settings;
      return value.status === 'ready' && value.value.theme === 'light';
    });
  });
});

describe('settings on a slow host', () => {
  it('keep each of two entries away that are removed one right after the other', async () => {
    let slow: { letGo(): void; waiting(): number } | undefined;
    const app = await drawApp('#/settings', {}, (client) => {
      const held = hold(client.settings.update);
      slow = held;
      return { ...client, settings: { ...client.settings, update: held.call } };
    });
    for (const tag of ['edge', 'nightly']) {
      await app.type('New floating tag', tag);
      await app.click('Add floating tag');
      slow?.letGo();
      await app.find(`Remove floating tag ${tag}`);
    }
    await app.click('Remove floating tag edge');
    await app.click('Remove floating tag nightly');
    expect(document.activeElement).toBe(await app.find('New floating tag'));
    await app.until('the first is asked for', () => slow?.waiting() === 1);
    slow?.letGo();
    await app.until('the second is asked for', () => slow?.waiting() === 1);
    slow?.letGo();
    await app.until('both are gone', () => app.all(/^Remove floating tag/).length === 1);
    expect(app.all('Remove floating tag latest')).toHaveLength(1);
  });
});
