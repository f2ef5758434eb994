import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { encode, type Item, plain } from '../../image/tar/testing/tars.ts';
import { canServeGit, GitServer } from '../testing/git-server.ts';
import { statuses, Workshop } from '../testing/workshop.ts';
import { fetchContext, withScheme } from './fetch-context.ts';

let shop: Workshop;
let pages: Server;
let web = '';
const served = new Map<string, Buffer>();

beforeAll(async () => {
  pages = createServer(({ url = '' }, response) => {
    const body = served.get(url);
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  web = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => pages.close(resolve)));
beforeEach(async () => {
  served.clear();
  shop = await Workshop.open();
});
afterEach(() => shop.close());

async function* bytes(content: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

/** Fetches a context, builds it, and lets go of it. */
async function build(context: string, given: Partial<BuildOptions> = {}, input: Uint8Array | string = '') {
  const options = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin', ...given };
  const opened = await fetchContext({
    context,
    options,
    input: () => bytes(input),
    downloadsFolder: shop.store.paths.cacheDownloads(),
    scratchFolder: shop.store.paths.scratch(),
    env: {},
    signal: new AbortController().signal,
  });
  try {
    return { ...(await shop.build(given, opened)), opened };
  } finally {
    await opened.close();
  }
}

const file = (path: string, text: string, over: Partial<Item[0]> = {}): Item => [
  { ...plain, path, size: Buffer.byteLength(text), ...over },
  Buffer.from(text),
];
const LATER = { mode: 0o4750, uid: 5, gid: 6, mtime: 1_000_000_000 };
const DOCKERFILE = 'FROM scratch\nCOPY . /c/\n';

describe('a context that is fetched', () => {
  it('is a tar with its owners, modes, times and links, whatever its ignore file says', async () => {
    const tar = encode([
      file('Dockerfile', DOCKERFILE),
      file('.dockerignore', '**\n'),
      file('d/a', 'A', { mode: 0o600, uid: 1, gid: 2 }),
      [
        // What is said of one name of a file later is said of all its names.
        { ...plain, ...{ path: 'd/b', type: 'hardlink', linkName: 'd/a' }, ...LATER },
        Buffer.alloc(0),
      ],
      [{ ...plain, path: 'l', type: 'symlink', mode: 0o777, linkName: '/etc/passwd' }, Buffer.alloc(0)],
      [{ ...plain, path: 'p', type: 'fifo' }, Buffer.alloc(0)],
      file('none', 'N', { mode: 0 }),
    ]);
    const built = await build('-', {}, tar);
    expect(built.opened).toMatchObject({
      contextPath: '-',
      notes: [expect.stringContaining('1 device, pipe or socket'), expect.stringContaining('.dockerignore')],
    });
    const found = await shop.listing(built.record);
    expect(found).toMatchObject({
      'c/.dockerignore': 'file 644 0:0 **\n',
      'c/d/a': 'file 4750 5:6 A',
      'c/l': 'symlink 777 0:0 -> /etc/passwd',
      'c/none': 'file 0 0:0 N',
    });
    const tree = await shop.tree(built.record);
    expect(tree.get('c/d/a')?.entry?.mtime).toBe(1_000_000_000);
    expect(tree.get('c/d/b')?.entry).toEqual(tree.get('c/d/a')?.entry);
    expect(await readdir(shop.store.paths.scratch())).toEqual([]);
  });

  it('has other files when only an owner differs, and the same ones when nothing does', async () => {
    const tar = (uid: number) => encode([file('Dockerfile', DOCKERFILE), file('a', 'A', { uid })]);
    await build('-', {}, tar(0));
    expect(statuses(await build('-', {}, tar(0)))).toEqual(['hit', 'hit']);
    const changed = await build('-', {}, tar(7));
    expect(changed.steps[1]?.reasons).toMatchObject([{ kind: 'files-changed', paths: ['a'] }]);
  });

  it.each(['gzip', 'bzip2', 'xz', 'zstd'])('is an archive at an address, packed by %s', async (program) => {
    const tar = encode([file('sub/Other', DOCKERFILE), file('a', 'A')]);
    served.set('/dir/app-1.tar', execFileSync(program, ['-c'], { input: tar }));
    const { opened, record } = await build(`${web}/dir/app-1.tar`, { dockerfile: 'sub/Other' });
    expect(opened).toMatchObject({ contextPath: `${web}/dir/app-1.tar`, name: 'app-1' });
    expect(Object.keys(await shop.listing(record))).toEqual(['c', 'c/a', 'c/sub', 'c/sub/Other']);
  });

  it('is a Dockerfile alone, from standard input or an address', async () => {
    const text = 'FROM scratch\nCOPY <<EOF /x\nhere\nEOF\n';
    served.set('/Dockerfile', Buffer.from(text));
    const piped = await build('-', {}, text);
    const fetched = await build(`${web}/Dockerfile`);
    expect(piped.digest).toBe(fetched.digest);
    await expect(build('-', {}, 'FROM scratch\nCOPY a /\n')).rejects.toMatchObject({
      code: 'not-found',
      detail: { path: '-', range: { line: 2 } },
    });
  });

  it('takes the Dockerfile from standard input or an address beside a folder', async () => {
    await shop.write({ a: 'A', '.dockerignore': 'b', b: 'B' });
    served.set('/D', Buffer.from('FROM scratch\nCOPY . /w/\n'));
    const piped = await build(shop.context, { dockerfile: '-' }, 'FROM scratch\nCOPY . /w/\n');
    expect(Object.keys(await shop.listing(piped.record))).toEqual(['w', 'w/.dockerignore', 'w/a']);
    const fetched = await build(shop.context, { dockerfile: `${web}/D` });
    expect(fetched.digest).toBe(piped.digest);
  });

  it.each([
    ['nothing there', '/none', 'not-found'],
    ['a picture', '/picture', 'malformed'],
    ['a cut off archive', '/cut', 'malformed'],
    ['an archive without a Dockerfile', '/empty', 'not-found'],
    ['a path out of the archive', '/outside', 'unsafe-archive'],
  ])('is refused when there is %s', async (_, path, code) => {
    served.set('/picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0'));
    const whole = gzipSync(encode([file('Dockerfile', `${DOCKERFILE}#${'x'.repeat(9000)}`)]));
    served.set('/cut', whole.subarray(0, whole.length - 20));
    served.set('/empty', encode([file('a', 'A')]));
    served.set('/outside', encode([file('Dockerfile', DOCKERFILE), file('../../out', 'O')]));
    await expect(build(web + path)).rejects.toMatchObject({ code });
    expect(await readdir(shop.store.paths.scratch()).catch(() => [])).toEqual([]);
  });

  it('never writes or reads outside its folder, whatever its links say', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'strata-outside-'));
    try {
      await writeFile(join(outside, 'victim'), 'untouched', { mode: 0o640 });
      const before = await stat(join(outside, 'victim'));
      const link = (path: string, linkName: string): Item => [
        { ...plain, path, type: 'symlink', linkName },
        Buffer.alloc(0),
      ];
      const tar = encode([
        link('out', outside),
        file('out/victim', 'overwritten'),
        [{ ...plain, path: 'dir', type: 'directory', mtime: 5 }, Buffer.alloc(0)],
        link('dir', join(outside, 'victim')),
        file('dir', 'replaces the link'),
        link('Dockerfile', join(outside, 'victim')),
      ]);
      // The link leads to the file of that path inside the folder.
      await expect(build('-', {}, tar)).rejects.toThrow('"overwritten" is not an instruction');
      expect(await readFile(join(outside, 'victim'), 'utf8')).toBe('untouched');
      expect(await stat(join(outside, 'victim'))).toMatchObject({
        mode: before.mode,
        mtimeMs: before.mtimeMs,
      });
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('cannot be standard input twice', async () => {
    await expect(build('-', { dockerfile: '-' }, 'FROM scratch')).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});

it.each([
  ['github.com/acme/web', 'https://github.com/acme/web.git'],
  ['github.com/acme/web.git#v1:docs', 'https://github.com/acme/web.git#v1:docs'],
  ['github.com/acme/web/#main', 'https://github.com/acme/web.git#main'],
  ['https://github.com/acme/web.git', 'https://github.com/acme/web.git'],
  ['git@github.com:acme/web.git', 'git@github.com:acme/web.git'],
])('%s is fetched from %s', (written, address) => expect(withScheme(written)).toBe(address));

describe.skipIf(!canServeGit())('a context in a git repository (needs git)', () => {
  let server: GitServer;
  beforeAll(async () => {
    server = await GitServer.start(1_700_000_000);
    await mkdir(join(server.work, 'app'));
    await writeFile(join(server.work, 'app/run.sh'), 'run');
    await chmod(join(server.work, 'app/run.sh'), 0o777);
    await symlink('/etc/hostname', join(server.work, 'app/Evil'));
    await server.commit({ 'app/Dockerfile': DOCKERFILE, 'app/a.txt': 'one', 'app/.dockerignore': 'a.txt' });
    server.git('tag', 'v1');
    await server.commit({ 'app/a.txt': 'two' });
  });
  afterAll(() => server.stop());

  it('is one folder of one commit, without .git, with the time of the commit', async () => {
    const built = await build(`${server.base}/repo.git#v1:app`);
    expect(built.opened).toMatchObject({
      contextPath: `${server.base}/repo.git#v1:app`,
      name: 'repo',
      notes: [
        `The context is commit ${server.git('rev-parse', 'v1')}.`,
        expect.stringContaining('.dockerignore'),
      ],
    });
    expect(await shop.listing(built.record)).toEqual({
      c: 'directory 755 0:0',
      'c/.dockerignore': 'file 644 0:0 a.txt',
      'c/Dockerfile': `file 644 0:0 ${DOCKERFILE}`,
      'c/Evil': 'symlink 777 0:0 -> /etc/hostname',
      'c/a.txt': 'file 644 0:0 one',
      'c/run.sh': 'file 755 0:0 run',
    });
    expect((await shop.tree(built.record)).get('c/a.txt')?.entry?.mtime).toBe(1_700_000_000);
    expect(await readdir(shop.store.paths.scratch())).toEqual([]);
  });

  it('is compared with the build of the same address before', async () => {
    const address = `${server.base}/repo.git#main:app`;
    await build(address);
    expect(statuses(await build(address))).toEqual(['hit', 'hit']);
    await server.commit({ 'app/a.txt': 'three' });
    expect((await build(address)).steps[1]?.reasons).toMatchObject([
      { kind: 'files-changed', paths: ['a.txt'] },
    ]);
  });

  it('keeps .git and gives the time of the commit where the build asks for them', async () => {
    const buildArgs = { BUILDKIT_CONTEXT_KEEP_GIT_DIR: '1', SOURCE_DATE_EPOCH: 'context' };
    await writeFile(join(shop.folder, 'D'), 'FROM scratch\nCOPY .git/HEAD /\n');
    const built = await build(`${server.base}/repo.git`, { buildArgs, dockerfile: join(shop.folder, 'D') });
    expect(Object.keys(await shop.listing(built.record))).toEqual(['HEAD']);
    expect(built.config.created).toBe('2023-11-14T22:13:20.000Z');
  });

  it.each([
    ['1', '?keep-git-dir=false', true],
    ['False', '?keep-git-dir=1', true],
    ['yes', '', false],
    ['tRue', '', false],
  ])('with BUILDKIT_CONTEXT_KEEP_GIT_DIR=%s and %j keeps .git: %s', async (word, query, keeps) => {
    const buildArgs = { BUILDKIT_CONTEXT_KEEP_GIT_DIR: word };
    await writeFile(join(shop.folder, 'D'), 'FROM scratch\nCOPY . /\n');
    const address = `${server.base}/repo.git${query}`;
    const built = await build(address, { buildArgs, dockerfile: join(shop.folder, 'D') });
    expect(Object.hasOwn(await shop.listing(built.record), '.git/HEAD')).toBe(keeps);
  });

  it.each([
    ['#nope', 'not-found'],
    ['#v1:nope', 'not-found'],
    ['#v1', 'not-found'],
    ['?ref=v1&checksum=0000', 'digest-mismatch'],
  ])('is refused where the address ends with %s', async (end, code) => {
    await expect(build(`${server.base}/repo.git${end}`)).rejects.toMatchObject({ code });
  });

  it('gives no file of this machine as its Dockerfile', async () => {
    await expect(build(`${server.base}/repo.git#v1:app`, { dockerfile: 'Evil' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
