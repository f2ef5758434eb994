import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

describe('the containers screen', () => {
  it('is calm without an engine, and says what works all the same', async () => {
    const app = await drawApp('#/containers');
    await app.find('Look again');
    expect(app.words()).toContain('No Docker or Podman engine answers');
    expect(app.words()).toContain('Nothing listens at /var/run/docker.sock.');
    expect(app.words()).toContain('work without them');
  });

  it('stops and starts a container', async () => {
    const app = await drawApp('#/containers', { docker: true });
    await app.click('Stop web-1');
    await app.click('Start web-1');
    await app.find('Restart web-1');
  });

  it('asks before it kills a running container, and names it', async () => {
    const app = await drawApp('#/containers', { docker: true });
    await app.click('Remove web-1…');
    expect(app.words()).toContain('It runs: it is killed');
    await app.click('Kill and remove');
    await app.until('its end', () => !app.words().includes('web-1'));
  });

  it('goes on with the log when the container is started again', async () => {
    const app = await drawApp('#/containers', { docker: true });
    await app.click(/^.*migrate/);
    await app.until('the end', () => app.store.getState().containerLogs.state === 'ended');
    await app.click('Start migrate');
    await app.until('what follows', () => app.store.getState().containerLogs.state === 'following');
  });

  it('leads to published ports and marks what is outdated', async () => {
    const app = await drawApp('#/containers', { docker: true });
    const link = await app.find('3000');
    expect(link.getAttribute('href')).toMatch(/:3000\/$/);
    expect(link.closest('[role=row]')?.textContent).toContain('outdated');
  });

  it('follows the log of the one that is pressed, and finds words in it', async () => {
    const app = await drawApp('#/containers', { docker: true });
    await app.click(/^.*web-1/);
    const log = await app.find('Log of web-1');
    await app.until('the log', () => log.textContent?.includes('/products/'));
    await app.type('Search the log', 'upstream');
    await app.until('the matches', () => app.words().includes('1 of 8'));
    await app.click('Next match');
    expect(app.words()).toContain('2 of 8');
    await app.click('Close the log');
    expect(app.store.getState().containerLogs.shown).toBeNull();
  });
});
