import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { canServeGit, GitServer } from '#electron/build/testing/git-server.ts';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';

const DOCKERFILE = 'FROM scratch\nCOPY . /c/\n';

test('a git address is built, planned, recorded and explained as an address', async ({ box }) => {
  test.skip(!canServeGit(), 'git daemon is not installed');
  const server = await GitServer.start(1_700_000_000);
  try {
    const commit = await server.commit({ 'app/Dockerfile': DOCKERFILE, 'app/a.txt': 'one' });
    const address = `${server.base}/repo.git#main:app`;
    const planned = await box.strata(['build', address, '--plan']);
    expect(planned.code).toBe(0);
    expect(planned.stderr).toContain(commit);
    const first = finished(await box.strata(['build', address, '-t', 'app:git', '--json']));
    expect(first.ok).toBe(true);
    await server.commit({ 'app/a.txt': 'two' });
    const second = finished(await box.strata(['build', address, '-t', 'app:git', '--json']));
    expect(second.steps[1]?.reasons).toMatchObject([{ kind: 'files-changed', paths: ['a.txt'] }]);
    const [record] = (await box.strata(['builds', '--json'])).events;
    expect(record).toMatchObject({ name: 'repo', contextPath: address, state: 'done', tags: ['app:git'] });
    expect((await box.strata(['builds', 'show', String(record?.id)])).stdout).toContain(address);
    expect(await readdir(join(box.data, 'scratch'))).toEqual([]);

    const verified = await box.strata(['verify', address, '--build-arg', 'SOURCE_DATE_EPOCH=context']);
    expect(verified.stdout).toContain('the same image');
    const missing = await box.strata(['build', `${server.base}/repo.git#nope`]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('no branch or tag "nope"');
  } finally {
    await server.stop();
  }
});

test('standard input gives a context or a Dockerfile', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: DOCKERFILE, 'a.txt': 'A' });
  const alone = await box.strata(['build', '-', '-t', 'alone', '--json'], {
    input: 'FROM scratch\nENV A=1\n',
  });
  expect(finished(alone).ok).toBe(true);
  const beside = await box.strata(['build', folder, '-f', '-', '-q'], {
    input: 'FROM scratch\nCOPY a.txt /\n',
  });
  expect(beside.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  const checked = await box.strata(['check', '-'], { input: 'from scratch\nCMD x\n' });
  expect(checked.stdout).toContain('-:1');
  const wrong = await box.strata(['build', '-'], { input: 'FROM scratch\nNOPE\n' });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('strata: -:2: ');
});

test('what cannot be fetched, or not by this command, is refused in plain words', async ({ box }) => {
  const local = await box.strata(['build', 'file:///srv/repo.git']);
  expect(local.code).toBe(2);
  expect(local.stderr).toContain('named by its folder');
  for (const command of ['advice', 'bases']) {
    const refused = await box.strata([command, 'https://me:secret@example.com/repo.git']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('https://***@example.com/repo.git is no folder of this machine.');
    expect(refused.stderr).toContain('build, check and verify');
  }
});

test('the address of an archive is built, and fetched again only when it changed', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: DOCKERFILE, 'a.txt': 'A' });
  execFileSync('tar', ['-czf', join(box.folder, 'app.tar.gz'), '-C', folder, '.']);
  const archive = await readFile(join(box.folder, 'app.tar.gz'));
  const statuses: number[] = [];
  const server: Server = createServer(({ headers }, response) => {
    const status = headers['if-none-match'] === '"1"' ? 304 : 200;
    statuses.push(status);
    response.writeHead(status, { etag: '"1"' }).end(status === 200 ? archive : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app.tar.gz`;
    const first = finished(await box.strata(['build', address, '--json']));
    const second = finished(await box.strata(['build', address, '--json']));
    expect(second.digest).toBe(first.digest);
    expect(second.steps.map(({ status }) => status)).toEqual(['hit', 'hit']);
    expect(statuses).toEqual([200, 304]);
  } finally {
    server.close();
  }
});
