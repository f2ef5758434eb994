import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { canServeGit, GitServer } from '#electron/build/testing/git-server.ts';
import type { Box } from '../fixtures/box.ts';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';

const SECRET = 'hunter2-of-the-address';
const BASIC = `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}`;
const TEXTS: Readonly<Record<string, string>> = {
  '/Dockerfile': [
    'FROM scratch',
    'ARG FROM_WHERE',
    'ADD $FROM_WHERE/file /',
    'COPY --from=code a.txt /code/',
    'ADD --keep-git-dir $FROM_WHERE/repo.git /repo',
  ].join('\n'),
  '/file': 'of the server',
};

test.skip(!canServeGit(), 'git is not installed');

let repository: GitServer;
let server: Server;
let address = '';
const asked: { host: string; authorization: string | undefined }[] = [];

test.beforeAll(async () => {
  repository = await GitServer.start(1_700_000_000);
  await repository.commit({ 'a.txt': 'one', Dockerfile: 'FROM scratch\nCOPY a.txt /\n' });
  repository.git('update-server-info');
  server = createServer(async ({ url = '', headers }, response) => {
    asked.push({ host: headers.host ?? '', authorization: headers.authorization });
    if (headers.authorization !== BASIC) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return;
    }
    const path = url.replace(/\?.*$/s, '');
    const file = path.replace('/repo.git/', `${repository.work}/.git/`);
    const body = TEXTS[path] ?? (await readFile(file).catch(() => null));
    response.writeHead(body === null ? 404 : 200).end(body ?? undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://me:${SECRET}@127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await repository.stop();
});
test.beforeEach(() => {
  asked.length = 0;
});

/** The files of a folder in which a text stands. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const found: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (!(await stat(path)).isFile()) continue;
    if ((await readFile(path)).includes(text)) found.push(name);
  }
  return found;
}

/** Neither what was printed nor what lies in the data folder holds the password, plain or as a header. */
async function expectNoSecret(box: Box, printed: string): Promise<void> {
  for (const text of [SECRET, BASIC.slice('Basic '.length)]) {
    expect(printed).not.toContain(text);
    expect(await filesWith(box.data, text)).toEqual([]);
  }
}

test('the password of an address signs in, and is printed and kept nowhere', async ({ box }) => {
  const to = `type=local,dest=${join(box.data, 'shared-cache')},mode=max`;
  const words = [
    ...['build', `${address}/repo.git#main`, '-f', `${address}/Dockerfile`, '-t', 'app:1'],
    ...['--build-arg', `FROM_WHERE=${address}`, '--build-context', `code=${address}/repo.git`],
    ...['--cache-to', to],
  ];
  const planned = await box.strata([...words, '--plan']);
  const built = await box.strata([...words, '--json'], { env: { STRATA_DEBUG: '1' } });
  expect(finished(built).error).toBeUndefined();
  const again = await box.strata(words);
  expect(again.code).toBe(0);
  const [record] = (await box.strata(['builds', '--json'])).events;
  expect(record).toMatchObject({
    contextPath: expect.stringMatching(/^http:\/\/\*\*\*@127\.0\.0\.1:\d+\/repo\.git#main$/),
  });
  const shown = await box.strata(['builds', 'show', String(record?.id)]);
  const traced = await box.strata(['builds', 'trace', String(record?.id)]);
  const history = await box.strata(['inspect', 'app:1', '--json']);
  const all = [planned, built, again, shown, traced, history].map(({ stdout, stderr }) => stdout + stderr);
  await expectNoSecret(box, all.join('\n'));

  // Another password that works is no other build.
  const other = await box.strata([...words.slice(0, -2), '--json']);
  expect(finished(other).steps.map(({ status }) => status)).toEqual(finished(other).steps.map(() => 'hit'));
});

test('what fails tells of the address without its password', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: `FROM scratch\nADD ${address}/gone /\n` });
  const wrong = address.replace('http://me:', 'http://you:');
  const results = [
    await box.strata(['build', folder, '--json'], { env: { STRATA_DEBUG: '1' } }),
    await box.strata(['build', folder, '-f', `${address}/none`]),
    await box.strata(['build', folder, '-f', `${wrong}/Dockerfile`]),
    await box.strata(['build', `${address}/none.git`], { env: { STRATA_DEBUG: '1' } }),
    await box.strata(['build', `${address}/none.tar`]),
    await box.strata(['check', `${address}/none.git`]),
    await box.strata(['advice', `${address}/repo.git`]),
  ];
  for (const { code, stdout, stderr } of results) {
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('://***@127.0.0.1');
  }
  await expectNoSecret(box, results.map(({ stdout, stderr }) => stdout + stderr).join('\n'));
});

test('an address of a record is refused for what it lacks', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM scratch\nARG A\nCOPY Dockerfile /\n' });
  const bare = address.replace(`me:${SECRET}`, '***');
  const all = [
    [`${bare}/repo.git`],
    [folder, '-f', `${bare}/Dockerfile`],
    [folder, '--build-context', `a=${bare}/repo.git`],
    [folder, '--build-arg', `A=${bare}/file`],
  ];
  for (const words of all) {
    const { code, stderr } = await box.strata(['build', ...words]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('were not kept with its record');
    expect(stderr).toContain('GIT_AUTH_TOKEN');
  }
  expect(asked).toEqual([]);
});

test('a submodule of another server is not told what signs in at the first one', async ({ box }) => {
  const port = new URL(address).port;
  const commit = repository.git('rev-parse', 'HEAD');
  const elsewhere = `http://localhost:${port}/repo.git`;
  repository.git('checkout', '-q', '-b', 'with-module');
  await repository.commit({ '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ${elsewhere}\n` });
  repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},lib`);
  repository.git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'module');
  repository.git('checkout', '-q', '-f', 'main');
  repository.git('update-server-info');
  const built = await box.strata(['build', `${address}/repo.git#with-module`]);
  expect(built.code).toBe(1);
  const there = asked.filter(({ host }) => host.startsWith('localhost'));
  expect(there.length).toBeGreaterThan(0);
  expect(there.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  const secret = await box.strata(
    ['build', `http://127.0.0.1:${port}/repo.git#main`, '--secret', 'id=GIT_AUTH_HEADER,env=HEADER'],
    { env: { HEADER: BASIC } },
  );
  expect(secret.code).toBe(0);
});
