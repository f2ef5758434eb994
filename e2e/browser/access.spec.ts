import { request } from 'node:http';
import { expect, test } from '../fixtures/browser-test.ts';

test('the address works once: another browser is refused', async ({ app, browser, host }) => {
  await expect(app.heading('Projects')).toBeVisible();
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  for (const address of [host.address, `${host.origin}/`]) {
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(403);
    await expect(page.locator('body')).toContainText('works once');
  }
  await stranger.close();
});

test('the cookie is out of reach of scripts, and the policy lets nothing else in', async ({ app, page }) => {
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  const answer = await page.request.get(`${app.origin}/`);
  const policy = answer.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(answer.headers()['x-content-type-options']).toBe('nosniff');
});

test('a foreign name for this machine and a foreign origin are refused', async ({ app, host, page }) => {
  await expect(app.heading('Projects')).toBeVisible();
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  expect(await status(host.origin, { host: 'rebound.example', cookie })).toBe(421);
  expect(await status(host.origin, { origin: 'http://evil.example', cookie })).toBe(403);
  expect(await status(host.origin, { cookie })).toBe(200);
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  expect(await status(host.origin, { ...upgrade, origin: 'http://evil.example', cookie }, '/rpc')).toBe(403);
});

/** The status of a plain request; an upgrade that is granted counts as 101. */
function status(origin: string, headers: Record<string, string>, path = '/'): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, origin), { headers });
    call.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.once('upgrade', (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    call.once('error', reject);
    call.end();
  });
}
