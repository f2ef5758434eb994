import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canServeGit, GitServer } from '../testing/git-server.ts';
import { statuses, Workshop } from '../testing/workshop.ts';

const COMMIT_TIME = 1_700_000_000;

let server: GitServer;
let base = '';
let shop: Workshop;

describe.skipIf(!canServeGit())('ADD of a git repository (needs git)', () => {
  beforeAll(async () => {
    server = await GitServer.start(COMMIT_TIME);
    ({ base } = server);
    await symlink('a.txt', join(server.work, 'link'));
    await symlink('docs', join(server.work, 'manual'));
    await writeFile(join(server.work, 'run.sh'), 'run', { mode: 0o755 });
    await server.commit({ 'a.txt': 'one', 'docs/d.md': 'D' });
    server.git('tag', 'v1');
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    shop = await Workshop.open();
  });
  afterEach(() => shop.close());

  const build = async (line: string, options = {}) => {
    await shop.write({ Dockerfile: `FROM scratch\n${line.replaceAll('BASE', base)}\n` });
    return shop.build(options);
  };

  it('is a named build context, to copy from and to begin with, gone afterwards', async () => {
    const contexts = { code: `${base}/repo.git#v1:docs`, rootfs: `${base}/repo.git` };
    const built = await build('COPY --from=code . /docs/', { contexts });
    expect(Object.keys(await shop.listing(built.record))).toEqual(['docs', 'docs/d.md']);
    const again = await build('COPY --from=code . /docs/', { contexts });
    expect(statuses(again)).toEqual(['hit', 'hit']);
    expect((await shop.predict({ contexts }))[1]?.reasons[0]?.detail).toContain('only when the build asks');
    await shop.write({ Dockerfile: 'FROM rootfs\nENV A=1\n' });
    const begun = await shop.build({ contexts });
    expect(Object.keys(await shop.listing(begun.record))).toContain('run.sh');
    expect(await readdir(shop.store.paths.scratch())).toEqual([]);
    await expect(build('COPY --from=x . /', { contexts: { x: `${base}/none.git` } })).rejects.toMatchObject({
      detail: { range: { line: 2 } },
    });
  });

  it('gives the files of the default branch with the time of the commit, without .git', async () => {
    const built = await build('ADD BASE/repo.git /src');
    expect(await shop.listing(built.record)).toEqual({
      src: 'directory 755 0:0',
      'src/a.txt': 'file 644 0:0 one',
      'src/docs': 'directory 755 0:0',
      'src/docs/d.md': 'file 644 0:0 D',
      'src/link': 'symlink 777 0:0 -> a.txt',
      'src/manual': 'symlink 777 0:0 -> docs',
      'src/run.sh': 'file 755 0:0 run',
    });
    expect((await shop.tree(built.record)).get('src/a.txt')?.entry?.mtime).toBe(COMMIT_TIME);
  });

  it.each(['#v1:docs', '#v1:manual', '?ref=v1&subdir=docs'])(
    'gives one folder of a tag by %s',
    async (address) => {
      const { record } = await build(`ADD --chown=1:2 BASE/repo.git${address} /d`);
      expect(await shop.listing(record)).toEqual({ d: 'directory 755 1:2', 'd/d.md': 'file 644 1:2 D' });
    },
  );

  it('keeps .git with --keep-git-dir', async () => {
    const { record } = await build('ADD --keep-git-dir=true BASE/repo.git /src');
    const found = await shop.listing(record);
    expect(found['src/.git/HEAD']).toContain(server.git('rev-parse', 'v1'));
    expect(found['src/.git/config']).toContain(`${base}/repo.git`);
  });

  it('hits while the branch stays, and says where it moved', async () => {
    const line = 'ADD BASE/repo.git#moving /m';
    server.git('branch', 'moving');
    await build(line);
    expect(statuses(await build(line)).at(-1)).toBe('hit');
    server.git('checkout', '-q', 'moving');
    await server.commit({ 'a.txt': 'two' });
    server.git('checkout', '-q', 'main');
    expect((await shop.predict()).at(-1)?.reasons[0]?.detail).toContain('is seen only when the build asks');
    const built = await build(line);
    expect(built.steps.at(-1)?.reasons).toMatchObject([
      { kind: 'files-changed', paths: [`${base}/repo.git#moving`] },
    ]);
    expect((await shop.listing(built.record))['m/a.txt']).toBe('file 644 0:0 two');
  });

  it('asks nobody for a full commit that was built before', async () => {
    const line = `ADD BASE/repo.git#${server.git('rev-parse', 'v1')} /c`;
    await build(line);
    expect((await shop.predict()).at(-1)?.predicted).toBe('hit');
  });

  it('checks the commit with --checksum', async () => {
    const commit = server.git('rev-parse', 'v1');
    await build(`ADD --checksum=${commit.slice(0, 12)} BASE/repo.git#v1 /c`);
    await expect(build('ADD --checksum=abcdef012345 BASE/repo.git#v1 /c')).rejects.toMatchObject({
      code: 'digest-mismatch',
      detail: { kind: 'digest', actual: commit },
    });
  });

  it.each([
    ['ADD BASE/repo.git#nope /x', 'has no branch or tag "nope"'],
    ['ADD BASE/repo.git#v1:nope /x', 'has no folder "nope"'],
    ['ADD BASE/other.git /x', 'git could not do it'],
  ])('refuses %s', async (line, message) => {
    await expect(build(line)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(message),
    });
  });
});
