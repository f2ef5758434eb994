import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

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
