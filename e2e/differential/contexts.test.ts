import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canServeGit, GitServer } from '#electron/build/testing/git-server.ts';
import { findBusybox } from '#electron/engine/testing/busybox-base.ts';
import { findDockerd } from '#electron/engine/testing/start-dockerd.ts';
import { probeSandbox } from '#electron/sandbox/probe.ts';
import { makeBaseTar } from './base-image.ts';
import { BuildKit } from './buildkit.ts';
import { compareImages } from './built-image.ts';
import { caseTar } from './case-tar.ts';
import { StrataBuilder } from './strata-builder.ts';

const isThere =
  (await findDockerd()) !== null &&
  (await findBusybox()) !== null &&
  (await probeSandbox()).available &&
  canServeGit();

const DOCKERFILE = 'FROM differential/base:1\nCOPY . /c/\nCOPY --chown=app d /owned/\nADD inner.tar /a/\n';
const INNER = caseTar({ path: 'x', text: 'X', uid: 3, gid: 4 });
const TAR = caseTar(
  { path: './', type: 'directory', mode: 0o700, uid: 9, gid: 9 },
  { path: './Dockerfile', text: DOCKERFILE },
  { path: '.dockerignore', text: '**\n' },
  { path: 'd', type: 'directory', mode: 0o751, uid: 7, gid: 8 },
  { path: 'd/f', text: 'F', mode: 0o4640, uid: 5, gid: 6 },
  { path: 'd/h', type: 'hardlink', linkName: 'd/f' },
  { path: 'l', type: 'symlink', mode: 0o777, linkName: '../../etc/passwd' },
  { path: 'deep/without/folders/z', text: 'Z', mode: 0o600 },
  { path: 'twice', text: 'first' },
  { path: 'twice', text: 'second', mode: 0o400 },
  { path: 'inner.tar', text: INNER.toString('latin1') },
);

describe.skipIf(!isThere)('contexts that are fetched (needs docker.io, git, busybox and root)', () => {
  let strata: StrataBuilder;
  let buildkit: BuildKit;
  let git: GitServer;
  let pages: Server;
  let web = '';

  beforeAll(async () => {
    const base = await makeBaseTar();
    [strata, buildkit, git] = await Promise.all([
      StrataBuilder.start(base),
      BuildKit.start(base),
      GitServer.start(1_600_000_000),
    ]);
    const served = new Map([
      ['/context.tar', TAR],
      ['/context', gzipSync(TAR)],
      ['/Dockerfile', Buffer.from('FROM differential/base:1\nRUN echo x > /x\n')],
    ]);
    pages = createServer(({ url = '' }, response) => void response.end(served.get(url)));
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    web = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    await mkdir(join(git.work, 'd'), { recursive: true });
    await writeFile(join(git.work, 'd', 'run'), 'r');
    await chmod(join(git.work, 'd', 'run'), 0o777);
    await symlink('../d/run', join(git.work, 'd', 'link'));
    await writeFile(join(git.work, 'inner.tar'), INNER);
    await git.commit({ Dockerfile: DOCKERFILE, '.dockerignore': '*.tar\nd\n', 'other/f': 'o' });
    git.git('tag', 'v1');
    // That is what a BuildKit of that age takes where no branch is named.
    git.git('branch', 'master');
  }, 120_000);
  afterAll(async () => {
    pages?.close();
    await Promise.all([strata?.stop(), buildkit?.stop(), git?.stop()]);
  });

  it.each<[string, () => string, Buffer?]>([
    ['a tar on standard input', () => '-', TAR],
    ['a packed tar on standard input', () => '-', gzipSync(TAR)],
    ['a Dockerfile on standard input', () => '-', Buffer.from('FROM differential/base:1\nENV A=1\n')],
    ['a tar by its address', () => `${web}/context.tar`],
    ['a packed tar by an address without an ending', () => `${web}/context`],
    ['a Dockerfile by its address', () => `${web}/Dockerfile`],
    ['a tag of a repository', () => `${git.base}/repo.git#v1`],
    ['the default branch of a repository', () => `${git.base}/repo.git`],
  ])('%s gives the same image', async (name, context, input) => {
    const tag = `context/${name.replaceAll(' ', '-').toLowerCase()}`;
    await buildkit.buildContext(context(), tag, input);
    const built = await strata.buildContext(context(), input);
    expect(compareImages(built, await buildkit.image(tag))).toEqual([]);
  });
});
