import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { sharedName, shareTools } from './share-commands.ts';

afterEach(leaveApps);

describe('sharing the store', () => {
  it('is off until it is turned on, and then tells its address, lines to paste and who used it', async () => {
    const app = await drawApp('#/settings');
    await app.until('the words', () => app.words().includes('Other machines do not reach it'));
    expect(app.words()).not.toContain('docker pull');
    await app.click('Turn on');
    await app.until('the address', () => app.words().includes('127.0.0.1:7421'));
    expect(app.words()).toContain('docker pull 127.0.0.1:7421/');
    expect(app.words()).toContain('acme/web:1.4.3');
    await app.click('k3s');
    await app.until('the lines', () => app.words().includes('registries.yaml'));
    await app.click('Turn off');
    await app.until('the end', () => app.words().includes('Other machines do not reach it'));
  });

  it('takes no port that is none', async () => {
    const app = await drawApp('#/settings');
    await app.type('Port', '70000');
    await app.until('the words', () => app.words().includes('A number up to 65535'));
    const [button] = app.all('Turn on');
    expect((button as HTMLButtonElement | undefined)?.disabled).toBe(true);
  });
});

describe('the lines for tools', () => {
  it('name an image of a registry with a port as the share serves it', () => {
    expect(sharedName('localhost:5000/acme/web:1')).toBe('localhost_5000/acme/web:1');
    expect(sharedName('acme/web:1')).toBe('acme/web:1');
    const [docker] = shareTools('127.0.0.1:7421', 'localhost:5000/acme/web:1');
    expect(docker?.lines).toContain('docker pull 127.0.0.1:7421/localhost_5000/acme/web:1');
  });
});
