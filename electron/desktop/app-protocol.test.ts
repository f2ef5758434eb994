import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isPageAddress, registerAppScheme, serveAppScheme } from './app-protocol.ts';
import { recorded, reset } from './testing/electron-stand-in.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-protocol-'));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html>page');
  await writeFile(join(folder, 'page', 'assets', 'a.js'), 'export {};');
  await writeFile(join(folder, 'page', 'package.sh'), 'echo');
  await writeFile(join(folder, 'secret.html'), 'secret');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(reset);

async function ask(address: string, method = 'GET'): Promise<Response> {
  serveAppScheme(join(folder, 'page'));
  const handler = recorded.protocolHandlers.get('app');
  if (handler === undefined) throw new Error('nothing handles app:');
  return handler(new Request(address, { method }));
}

it('is a secure scheme of its own', () => {
  registerAppScheme();
  expect(recorded.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
  expect(recorded.schemes).not.toMatchObject([{ privileges: { bypassCSP: true } }]);
});

it('serves the page with a policy that allows no connection at all', async () => {
  const response = await ask('app://strata/index.html');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('<!doctype html>page');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
      "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

it.each([
  ['app://strata/', 200],
  ['app://strata/assets/a.js?v=1#x', 200],
  ['app://strata/../secret.html', 404],
  ['app://strata/..%2fsecret.html', 404],
  ['app://strata/%2e%2e%2fsecret.html', 404],
  ['app://strata/assets/..%2f..%2fsecret.html', 404],
  ['app://strata/..%5csecret.html', 404],
  ['app://strata/assets', 404],
  ['app://strata/package.sh', 404],
  ['app://strata/%00', 404],
  ['app://strata/%', 404],
  ['app://other/index.html', 403],
  ['app://strata.evil/index.html', 403],
])('answers %s with %d', async (address, status) => {
  const response = await ask(address);
  expect(response.status).toBe(status);
  if (status !== 200) expect(await response.text()).toBe('');
});

it('answers GET alone', async () => {
  expect((await ask('app://strata/index.html', 'POST')).status).toBe(403);
});

it.each([
  ['app://strata/index.html', true],
  ['app://strata', true],
  ['app://strata:80/', false],
  ['app://evil/strata', false],
  ['https://strata/', false],
  ['nonsense', false],
])('knows whether %s is our page: %s', (address, expected) => {
  expect(isPageAddress(address)).toBe(expected);
});
