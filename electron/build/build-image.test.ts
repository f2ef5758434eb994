import { chmod, mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDockerfile } from './load-dockerfile.ts';
import { nameAs, statuses, Workshop } from './testing/workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await Workshop.open();
});
afterEach(() => shop.close());

describe('COPY', () => {
  it('puts a file at the destination, into a folder that ends with a slash, and into one that exists', async () => {
    await shop.write({
      'a.txt': 'A',
      Dockerfile:
        'FROM scratch\nCOPY a.txt /one\nCOPY a.txt /two/\nCOPY a.txt /two\nCOPY a.txt /three/four/b.txt\n',
    });
    const { record } = await shop.build();
    expect(await shop.listing(record)).toEqual({
      one: 'file 644 0:0 A',
      two: 'directory 755 0:0',
      'two/a.txt': 'file 644 0:0 A',
      three: 'directory 755 0:0',
      'three/four': 'directory 755 0:0',
      'three/four/b.txt': 'file 644 0:0 A',
    });
  });

  it('copies the contents of a folder, whose own mode does not count, and keeps the modes below', async () => {
    await shop.write({ 'd/sub/x.sh': 'X', Dockerfile: 'FROM scratch\nCOPY d /out\n' });
    await chmod(join(shop.context, 'd'), 0o751);
    await chmod(join(shop.context, 'd/sub'), 0o711);
    await chmod(join(shop.context, 'd/sub/x.sh'), 0o755);
    const { record } = await shop.build();
    expect(await shop.listing(record)).toEqual({
      out: 'directory 755 0:0',
      'out/sub': 'directory 711 0:0',
      'out/sub/x.sh': 'file 755 0:0 X',
    });
  });

  it('follows a symlink that is named and keeps those inside folders', async () => {
    await shop.write({ 'd/real.txt': 'R', Dockerfile: 'FROM scratch\nCOPY link /ln\nCOPY d /d\n' });
    await symlink('d/real.txt', join(shop.context, 'link'));
    await symlink('real.txt', join(shop.context, 'd/inner'));
    const { record } = await shop.build();
    const listing = await shop.listing(record);
    expect(listing.ln).toBe('file 644 0:0 R');
    expect(listing['d/inner']).toBe('symlink 777 0:0 -> real.txt');
  });

  it('follows symlinks of the file system at the destination', async () => {
    await shop.write({ 'a.txt': 'A', Dockerfile: 'FROM scratch\nCOPY root /\nCOPY a.txt /var/run/\n' });
    await mkdir(join(shop.context, 'root/run'), { recursive: true });
    await mkdir(join(shop.context, 'root/var'), { recursive: true });
    await symlink('/run', join(shop.context, 'root/var/run'));
    const listing = await shop.listing((await shop.build()).record);
    expect(listing['run/a.txt']).toBe('file 644 0:0 A');
    expect(listing['var/run']).toBe('symlink 777 0:0 -> /run');
  });

  it('takes --chown with numbers and --chmod in octal and symbols, for made folders too', async () => {
    await shop.write({
      'a.txt': 'A',
      Dockerfile:
        'FROM scratch\nCOPY --chown=5 --chmod=640 a.txt /d/one\nCOPY --chown=5:6 --chmod=u+x,go= a.txt /two\n',
    });
    expect(await shop.listing((await shop.build()).record)).toEqual({
      d: 'directory 755 5:5',
      'd/one': 'file 640 5:5 A',
      two: 'file 700 5:6 A',
    });
  });

  it('finds the owner by name in the image', async () => {
    await shop.write({
      'etc/passwd': 'root:x:0:0::/:/bin/sh\nweb:x:101:102::/:/bin/sh\n',
      'etc/group': 'staff:x:50:\n',
      Dockerfile:
        'FROM scratch\nCOPY etc /etc\nCOPY --chown=web etc/group /one\nCOPY --chown=web:staff etc/group /two\n',
    });
    const listing = await shop.listing((await shop.build()).record);
    expect(listing.one).toMatch(/^file 644 101:102 /);
    expect(listing.two).toMatch(/^file 644 101:50 /);
    await shop.write({ Dockerfile: 'FROM scratch\nCOPY --chown=nobody etc/group /one\n' });
    await expect(shop.build()).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('nobody'),
    });
  });

  it('takes wildcards part by part; one that finds nothing is no error, a plain path is', async () => {
    await shop.write({
      'src/a.ts': 'a',
      'src/b.js': 'b',
      'lib/c.ts': 'c',
      Dockerfile: 'FROM scratch\nCOPY s*/*.ts /out/\nCOPY *.none /out/\n',
    });
    expect(Object.keys(await shop.listing((await shop.build()).record))).toEqual(['out', 'out/a.ts']);
    await shop.write({ Dockerfile: 'FROM scratch\n\nCOPY gone.txt /\n' });
    await expect(shop.build()).rejects.toMatchObject({
      code: 'not-found',
      message: '"gone.txt" is not in the build context.',
      detail: { kind: 'source', range: { line: 3 } },
    });
  });

  it('leaves out what .dockerignore and --exclude say', async () => {
    await shop.write({
      '.dockerignore': 'secret*\n',
      'secret.txt': 's',
      'a.md': 'm',
      'b.txt': 'b',
      Dockerfile: 'FROM scratch\nCOPY --exclude=*.md . /out/\n',
    });
    expect(Object.keys(await shop.listing((await shop.build()).record)).sort()).toEqual([
      'out',
      'out/.dockerignore',
      'out/Dockerfile',
      'out/b.txt',
    ]);
  });

  it('keeps owners and hard links from another stage', async () => {
    await shop.write({
      'a.txt': 'A',
      Dockerfile: 'FROM scratch AS one\nCOPY --chown=7:8 a.txt /x/a\nFROM scratch\nCOPY --from=one /x /y\n',
    });
    expect(await shop.listing((await shop.build()).record)).toEqual({
      y: 'directory 755 0:0',
      'y/a': 'file 644 7:8 A',
    });
  });

  it('writes texts of the Dockerfile as files, with variables unless quoted', async () => {
    await shop.write({
      Dockerfile:
        'FROM scratch\nENV NAME=world\nCOPY <<a.txt <<"b.txt" /out/\nhello $NAME\na.txt\nraw $NAME\nb.txt\n',
    });
    const listing = await shop.listing((await shop.build()).record);
    expect(listing['out/a.txt']).toBe('file 644 0:0 hello world\n');
    expect(listing['out/b.txt']).toBe('file 644 0:0 raw $NAME\n');
  });

  it('refuses to put a file where a folder is', async () => {
    await shop.write({ 'a.txt': 'A', 'd/x': 'x', Dockerfile: 'FROM scratch\nCOPY a.txt /p\nCOPY d /p\n' });
    await expect(shop.build()).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('settings', () => {
  it('come out as docker would write them', async () => {
    await shop.write({
      Dockerfile: `FROM scratch
ARG VERSION=1
ENV A=\${VERSION:-x} B="two words"
ENV A=$B
LABEL one=1 two="$A"
EXPOSE 80 443/tcp 53/udp 8000-8001
VOLUME /data /logs
USER 1000:1000
WORKDIR /srv
WORKDIR app
STOPSIGNAL SIGINT
SHELL ["/bin/ash", "-c"]
HEALTHCHECK --interval=5s --retries=2 CMD wget -q localhost
ENTRYPOINT ["/bin/app"]
CMD serve --port 80
ONBUILD COPY . /x
MAINTAINER me
`,
    });
    const { config } = await shop.build({ buildArgs: { VERSION: '9' } });
    expect(config.author).toBe('me');
    expect(config.config).toEqual({
      user: '1000:1000',
      env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'A=two words',
        'B=two words',
      ],
      labels: { one: '1', two: 'two words' },
      exposedPorts: ['443/tcp', '53/udp', '80/tcp', '8000/tcp', '8001/tcp'],
      volumes: ['/data', '/logs'],
      workingDir: '/srv/app',
      stopSignal: 'SIGINT',
      shell: ['/bin/ash', '-c'],
      healthcheck: { test: ['CMD-SHELL', 'wget -q localhost'], interval: 5e9, retries: 2 },
      entrypoint: ['/bin/app'],
      cmd: ['/bin/ash', '-c', 'serve --port 80'],
      onBuild: ['COPY . /x'],
    });
  });

  it('ENTRYPOINT drops the CMD of the base but not one of its own stage', async () => {
    await shop.write({ Dockerfile: 'FROM scratch AS base\nCMD ["old"]\nFROM base\nENTRYPOINT ["e"]\n' });
    expect((await shop.build()).config.config.cmd).toBeUndefined();
    await shop.write({ Dockerfile: 'FROM scratch\nCMD ["own"]\nENTRYPOINT ["e"]\n' });
    expect((await shop.build()).config.config.cmd).toEqual(['own']);
  });

  it('runs the triggers of a base image once', async () => {
    await shop.write({ 'a.txt': 'A', Dockerfile: 'FROM scratch\nONBUILD COPY a.txt /triggered\n' });
    await nameAs(shop, await shop.build(), 'base:1');
    await shop.write({ Dockerfile: 'FROM base:1\n' });
    const built = await shop.build();
    expect(Object.keys(await shop.listing(built.record))).toEqual(['triggered']);
    expect(built.config.config.onBuild).toBeUndefined();
    expect(built.steps.at(-1)?.instruction).toBe('ONBUILD COPY a.txt /triggered');
  });

  it('makes WORKDIR with the owner of USER, and no layer when it is there', async () => {
    await shop.write({ Dockerfile: 'FROM scratch\nUSER 9:8\nWORKDIR /a/b\nWORKDIR /a\n' });
    const { record } = await shop.build();
    expect(await shop.listing(record)).toEqual({ a: 'directory 755 9:8', 'a/b': 'directory 755 9:8' });
    expect(record.layers).toHaveLength(1);
  });
});

describe('the cache', () => {
  const DOCKERFILE = 'FROM scratch\nCOPY a.txt /\nCOPY src /src\nENV X=1\n';

  it('hits every step of an unchanged build and gives the same digest, also when times change', async () => {
    await shop.write({ 'a.txt': 'A', 'src/b.ts': 'b', Dockerfile: DOCKERFILE });
    const first = await shop.build();
    expect(statuses(first)).toEqual(['miss', 'miss', 'miss', 'miss']);
    await utimes(join(shop.context, 'a.txt'), new Date(), new Date(1e12));
    const second = await shop.build();
    expect(statuses(second)).toEqual(['hit', 'hit', 'hit', 'hit']);
    expect(second.digest).toBe(first.digest);
  });

  it('rebuilds exactly what follows a change, and names the file', async () => {
    await shop.write({ 'a.txt': 'A', 'src/b.ts': 'b', 'src/c.ts': 'c', Dockerfile: DOCKERFILE });
    await shop.build();
    await shop.write({ 'src/b.ts': 'changed', 'src/new.ts': 'n' });
    const built = await shop.build();
    expect(statuses(built)).toEqual(['hit', 'hit', 'miss', 'miss']);
    expect(built.steps[2]?.reasons).toEqual([
      {
        kind: 'files-changed',
        detail: 'src/b.ts changed, src/new.ts was added.',
        paths: ['src/b.ts', 'src/new.ts'],
      },
    ]);
    expect(built.steps[3]?.reasons[0]).toMatchObject({
      kind: 'parent-rebuilt',
      detail: expect.stringContaining('line 3, COPY src /src'),
    });
  });

  it('tells apart what else may have changed', async () => {
    await shop.write({ 'a.txt': 'A', 'src/b.ts': 'b', Dockerfile: `${DOCKERFILE}ARG V=1\n` });
    await shop.build();
    const kinds = async (change: () => Promise<unknown>, options = {}) => {
      await change();
      return (await shop.build(options)).steps.flatMap((step) => step.reasons.map((reason) => reason.kind));
    };
    const edit = (text: string) => () => shop.write({ Dockerfile: text });
    expect(await kinds(async () => undefined, { buildArgs: { V: '2' } })).toEqual(['argument-changed']);
    expect(await kinds(edit(`${DOCKERFILE.replace('X=1', 'X=2')}ARG V=1\n`))).toEqual([
      'instruction-changed',
    ]);
    expect(await kinds(() => chmod(join(shop.context, 'src/b.ts'), 0o755))).toEqual([
      'files-changed',
      'parent-rebuilt',
      'parent-rebuilt',
    ]);
    expect(await kinds(async () => undefined, { noCache: true })).toEqual(Array(5).fill('cache-off'));
    expect(await kinds(edit(`${DOCKERFILE}ARG V=1\nLABEL new=1\n`))).toContain('no-earlier-build');
  });

  it('hits again after a step whose parent was rebuilt to the same content', async () => {
    await shop.write({ 'a.txt': 'A', Dockerfile: 'FROM scratch\nWORKDIR /w\nCOPY a.txt /\n' });
    await shop.build();
    await shop.write({ Dockerfile: 'FROM scratch\nWORKDIR /x/../w\nCOPY a.txt /\n' });
    expect(statuses(await shop.build())).toEqual(['hit', 'hit', 'hit']);
  });

  it('says that a result was removed, not that something changed', async () => {
    await shop.write({ 'a.txt': 'A', Dockerfile: 'FROM scratch\nCOPY a.txt /\n' });
    const first = await shop.build();
    const key = (await shop.services.history.load(join(shop.context, 'Dockerfile')))[0]?.steps[1]?.key ?? '';
    await shop.services.steps.remove(key);
    await shop.services.evictions.add([key], { at: Date.UTC(2026, 4, 12), by: 'a clean-up' });
    const again = await shop.build();
    expect(again.steps[1]?.reasons).toEqual([
      {
        kind: 'evicted',
        detail: 'Nothing changed, but the earlier result was removed by a clean-up on 2026-05-12 00:00 UTC.',
      },
    ]);
    expect(again.record.layers).toEqual(first.record.layers);
  });

  it('keeps values of secret names nowhere', async () => {
    await shop.write({ Dockerfile: 'FROM scratch\nARG API_TOKEN\nENV Z=1\n' });
    await shop.build({ buildArgs: { API_TOKEN: 'first-secret-value' } });
    const built = await shop.build({ buildArgs: { API_TOKEN: 'second-secret-value' } });
    expect(built.steps[1]?.reasons[0]?.detail).toBe(
      'Build argument API_TOKEN changed (its value is not kept).',
    );
    const history = await shop.services.history.load(join(shop.context, 'Dockerfile'));
    expect(JSON.stringify(history)).not.toContain('secret-value');
  });
});

describe('stages', () => {
  it('builds only what the target needs', async () => {
    await shop.write({
      'a.txt': 'A',
      Dockerfile:
        'FROM scratch AS used\nCOPY a.txt /\nFROM nowhere:1 AS unused\nFROM scratch AS last\nCOPY --from=used /a.txt /b.txt\n',
    });
    const built = await shop.build();
    expect(built.steps.map((step) => step.stage)).toEqual(['used', 'used', 'last', 'last']);
    expect(Object.keys(await shop.listing((await shop.build({ target: 'used' })).record))).toEqual(['a.txt']);
  });

  it.each([
    [
      'an unknown target',
      'FROM scratch AS build\n',
      { target: 'biuld' },
      { code: 'invalid-input', hint: 'Did you mean build?' },
    ],
    [
      'a cycle',
      'FROM scratch AS a\nCOPY --from=b /x /\nFROM scratch AS b\nCOPY --from=a /x /\n',
      {},
      { code: 'dockerfile-invalid', message: expect.stringContaining('needs itself: b → a → b') },
    ],
    ['a base that does not exist', 'FROM gone:1\n', {}, { code: 'base-not-found' }],
    ['an empty base', 'ARG BASE\nFROM $BASE\n', {}, { code: 'dockerfile-invalid' }],
    [
      'an unknown instruction',
      'FROM scratch\nCOPPY a b\n',
      {},
      { code: 'dockerfile-invalid', hint: expect.stringContaining('COPY') },
    ],
    [
      'an unterminated quote',
      'FROM scratch\nENV A="x\n',
      {},
      { code: 'dockerfile-invalid', detail: { range: { line: 2 } } },
    ],
    [
      'what is not built yet',
      'FROM scratch\nRUN --device=gpu x\n',
      {},
      {
        code: 'dockerfile-invalid',
        message: expect.stringContaining('not supported by the built-in engine yet'),
        detail: { range: { line: 2 } },
      },
    ],
  ])('refuses %s', async (_name, Dockerfile, options, error) => {
    await shop.write({ Dockerfile });
    await expect(shop.build(options)).rejects.toMatchObject(error);
  });

  it.each([
    ['a device', 'RUN --device=gpu x', 'RUN --device'],
    ['all rights that were not allowed', 'RUN --security=insecure x', 'all rights'],
  ])('refuses a step that asks for %s before any other step, and foresees that it fails', async (...args) => {
    const [, line, words] = args;
    await shop.write({ Dockerfile: `FROM gone:1\nCOPY <<a /a\nx\na\n${line}\nENV A=1\n` });
    const error = await shop.build().catch((reason) => reason);
    expect(error).toMatchObject({ code: 'dockerfile-invalid', detail: { range: { line: 5 } } });
    expect(error.message).toContain(words);
    const predicted = (await shop.predict()).map((step) => step.predicted);
    expect(predicted.slice(-2)).toEqual(['fails', 'unknown']);
    // A stage that the target does not need says nothing.
    await shop.write({ Dockerfile: `FROM gone:1\n${line}\nFROM scratch\nENV A=1\n` });
    expect((await shop.build()).steps.map(({ status }) => status)).not.toContain('failed');
  });

  it('refuses a folder without a Dockerfile', async () => {
    await expect(shop.build()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('There is no Dockerfile in'),
    });
  });

  it.each([
    ['that does not exist', 'nowhere', 'There is no folder'],
    ['that is a file', 'Dockerfile', 'is not a folder.'],
  ])('refuses a context %s', async (_name, name, words) => {
    await shop.write({ Dockerfile: 'FROM scratch\n' });
    await expect(loadDockerfile(join(shop.context, name), undefined)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(words),
    });
  });
});
