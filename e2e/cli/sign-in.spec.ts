import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { makeAuthority } from '#electron/registry/testing/certificate.ts';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { startTokenServer } from '#electron/registry/testing/real-token-server.ts';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_PASSWORDS } from '../fixtures/tools.ts';

const PROJECT = { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: 'a' };
const LOGIN = ['-u', 'ada', '--password-stdin'];
const PASSWORD = 'correct horse';

test.skip(NO_PASSWORDS !== null, NO_PASSWORDS ?? '');

let folder: string;
let closed: RealRegistry;
let secure: RealRegistry;
let authority: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-e2e-sign-in-'));
  const htpasswd = join(folder, 'htpasswd');
  await writeFile(htpasswd, await run('htpasswd', ['-nbB', 'ada', PASSWORD]));
  closed = await startRealRegistry({ htpasswd });
  const ca = makeAuthority(folder);
  authority = ca.pem;
  secure = await startRealRegistry({ tls: ca.sign('registry', ['IP:127.0.0.1', 'DNS:localhost']), htpasswd });
});
test.afterAll(async () => {
  await closed.close();
  await secure.close();
  await rm(folder, { recursive: true, force: true });
});

test('pushing needs a sign-in, which is asked of the registry and kept where docker keeps it', async ({
  box,
}) => {
  const app = await box.files('app', PROJECT);
  const ref = `${closed.host}/team/app:1`;
  const built = finished(await box.strata(['build', app, '-t', ref, '--json']));

  const refused = await box.strata(['push', ref, '--json']);
  expect(refused.code).toBe(1);
  expect(refused.events.at(-1)).toMatchObject({ code: 'unauthorized' });
  expect(`${refused.events.at(-1)?.message} ${refused.events.at(-1)?.hint}`).toMatch(/sign in/i);

  const wrong = await box.strata(['login', closed.host, ...LOGIN], { input: 'wrong\n' });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/password|user/i);
  expect(await readFile(join(box.home, '.docker/config.json'), 'utf8').catch(() => '')).not.toContain(
    closed.host,
  );

  const right = await box.strata(['login', closed.host, ...LOGIN], { input: `${PASSWORD}\n` });
  expect(right.code).toBe(0);
  expect(right.stdout + right.stderr).not.toContain(PASSWORD);
  const auths = JSON.parse(await readFile(join(box.home, '.docker/config.json'), 'utf8')).auths;
  expect(Object.keys(auths)).toEqual([closed.host]);

  const pushed = await box.strata(['push', ref, '--json']);
  expect(pushed.events.at(-1)).toMatchObject({ ok: true, digest: built.digest });
  expect(pushed.stdout + pushed.stderr).not.toContain(PASSWORD);

  expect((await box.strata(['logout', closed.host])).code).toBe(0);
  const after = await box.strata(['pull', ref, '--json']);
  expect(after.events.at(-1)).toMatchObject({ code: 'unauthorized' });
});

test('an account that docker itself keeps is used', async ({ box }) => {
  const auth = Buffer.from(`ada:${PASSWORD}`).toString('base64');
  await mkdir(join(box.home, '.docker'));
  await writeFile(
    join(box.home, '.docker/config.json'),
    JSON.stringify({ auths: { [closed.host]: { auth } } }),
  );
  const app = await box.files('app', PROJECT);
  await box.strata(['build', app, '-t', `${closed.host}/kept/app:1`]);
  expect((await box.strata(['push', `${closed.host}/kept/app:1`])).code).toBe(0);
});

test('a registry of a private authority is trusted once its certificate is there', async ({ box }) => {
  const ref = `${secure.host}/tls/app:1`;
  const app = await box.files('app', PROJECT);
  await box.strata(['build', app, '-t', ref]);
  const refused = await box.strata(['login', secure.host, ...LOGIN, '--json'], { input: PASSWORD });
  expect(refused.code).toBe(1);
  expect(refused.events.at(-1)).toMatchObject({ code: 'tls' });
  expect(`${refused.events.at(-1)?.message} ${refused.events.at(-1)?.hint}`).toMatch(/certificate/i);

  const certificates = join(box.data, 'certs.d', secure.host);
  await mkdir(certificates, { recursive: true });
  await writeFile(join(certificates, 'ca.crt'), authority);
  expect((await box.strata(['login', secure.host, ...LOGIN], { input: PASSWORD })).code).toBe(0);
  expect((await box.strata(['push', ref])).code).toBe(0);
  const env = { STRATA_HOME: join(box.folder, 'other') };
  await mkdir(join(env.STRATA_HOME, 'certs.d'), { recursive: true });
  await writeFile(join(env.STRATA_HOME, 'settings.json'), JSON.stringify({ insecureHosts: [secure.host] }));
  expect((await box.strata(['pull', ref], { env })).code, 'listed as insecure').toBe(0);
});

test('a credential helper that is not installed is named where it is missed, and keeps no public image away', async ({
  box,
}) => {
  const files = makeAuthority(folder).sign('tokens', ['DNS:tokens']);
  const issued = { service: 'test registry', issuer: 'test issuer' };
  const tokens = await startTokenServer({ ...issued, files, users: { ada: PASSWORD } });
  const registry = await startRealRegistry({
    token: { ...issued, realm: tokens.realm, certificates: files.certificate },
  });
  try {
    const ref = `${registry.host}/open:1`;
    await box.strata(['build', await box.files('app', PROJECT), '-t', ref]);
    expect((await box.strata(['login', registry.host, ...LOGIN], { input: `${PASSWORD}\n` })).code).toBe(0);
    expect((await box.strata(['push', ref])).code).toBe(0);
    const config = join(box.home, '.docker/config.json');
    await writeFile(config, '{"credsStore":"gone"}');
    const mend = `Install it, or take it out of credsStore in ${config} and sign in again.`;

    const pulled = await box.strata(['pull', ref]);
    expect(pulled.code).toBe(0);
    expect(pulled.stderr).toContain(
      'It was pulled without a sign-in. The credential helper docker-credential-gone',
    );
    const refused = await box.strata(['push', ref, '--json']);
    expect(refused.code).toBe(1);
    expect(refused.events.at(-1)).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('docker-credential-gone'),
      hint: mend,
    });
    const { events } = await box.strata(['doctor', '--json']);
    expect(events).toContainEqual(
      expect.objectContaining({ id: 'credential-helpers', state: 'warning', mend }),
    );
  } finally {
    await registry.close();
    await tokens.close();
  }
});
