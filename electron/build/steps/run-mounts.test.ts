import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxRunner } from '../../engine/builtin/sandbox-runner.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import { hasBusybox } from '../../sandbox/testing/busybox-image.ts';
import { statuses, Workshop } from '../testing/workshop.ts';

const canRun = hasBusybox && (await probeSandbox()).available;
let shop: Workshop;

describe.skipIf(!canRun)('RUN --mount (needs busybox and namespaces)', () => {
  beforeAll(async () => {
    shop = await Workshop.open(createSandboxRunner);
    await shop.addBusybox('busybox:1');
  });
  afterAll(() => shop.close());
  beforeEach(async () => {
    await rm(shop.context, { recursive: true });
    await mkdir(shop.context);
  });

  const run = (...lines: string[]) => shop.write({ Dockerfile: ['FROM busybox:1', ...lines].join('\n') });
  /** What the build wrote to a file of the image. */
  const output = async (built: Awaited<ReturnType<Workshop['build']>>, path = 'out') =>
    (await shop.listing(built.record))[path]?.split(' ').slice(3).join(' ');

  describe('type=bind', () => {
    it('shows the context read-only, owned by root, without what is ignored, and leaves no trace', async () => {
      await shop.write({ '.dockerignore': 'secret\n', secret: 's', 'a.txt': 'A', 'd/b.txt': 'B' });
      await run(
        'RUN --mount=type=bind,target=/ctx ls -A /ctx > /out; stat -c %u:%g /ctx/d/b.txt >> /out; cat /ctx/d/b.txt >> /out; ! touch /ctx/x',
      );
      const built = await shop.build();
      expect(await output(built)).toBe('.dockerignore\nDockerfile\na.txt\nd\n0:0\nB');
      expect(await shop.listing(built.record)).not.toHaveProperty('ctx');
    });

    it('shows one file below WORKDIR', async () => {
      await shop.write({ 'conf/a.txt': 'A' });
      await run('WORKDIR /w', 'RUN --mount=source=conf/a.txt,target=here.txt cat here.txt > /out');
      expect(await output(await shop.build())).toBe('A');
    });

    it('throws away what is written to a mount with rw', async () => {
      await shop.write({ 'd/a.txt': 'A' });
      await run(
        'RUN --mount=type=bind,source=d,target=/m,rw echo new > /m/a.txt && echo x > /m/b && cat /m/a.txt /m/b > /out',
      );
      const built = await shop.build();
      expect(await output(built)).toBe('new\nx\n');
      expect(await shop.listing(built.record)).not.toHaveProperty('m');
      const again = 'RUN --mount=type=bind,source=d,target=/m cat /m/a.txt > /out; ls /m >> /out';
      await run(again);
      expect(await output(await shop.build())).toBe('Aa.txt\n');
    });

    it('shows files of a stage and of an image with their owners, read-only or for a while', async () => {
      const stage = [
        'FROM busybox:1 AS tools',
        'RUN mkdir -p /t/d && echo T > /t/d/f && chown -R 1000:1001 /t && ln -s d /t/link',
      ];
      await shop.write({
        Dockerfile: [
          ...stage,
          'FROM busybox:1',
          'RUN --mount=from=tools,source=/t/link,target=/m stat -c "%u:%g %n" /m/f > /out; ! touch /m/x',
          'RUN --mount=from=tools,source=/t/d/f,target=/one,rw echo more >> /one && cat /one >> /out',
          'RUN --mount=from=tools,target=/all,rw rm -r /all/t/d && touch /all/t/new && ls /all/t >> /out',
          'RUN --mount=from=busybox:1,source=bin,target=/m ls /m/awk >> /out',
        ].join('\n'),
      });
      const built = await shop.build();
      expect(await output(built)).toBe('1000:1001 /m/f\nT\nmore\nlink\nnew\n/m/awk\n');
      expect(await shop.listing(built.record)).not.toHaveProperty('m');
      await shop.write({
        Dockerfile: [...stage, 'FROM busybox:1', 'RUN --mount=from=tools,target=/m cat /m/t/d/f > /out'].join(
          '\n',
        ),
      });
      expect(await output(await shop.build())).toBe('T\n');
    });

    it('counts by the content of what is bound, and names the file that changed', async () => {
      await shop.write({ 'a.txt': 'A', 'other.txt': 'O' });
      await run('RUN --mount=source=a.txt,target=/a.txt cp /a.txt /out');
      await shop.build();
      await shop.write({ 'other.txt': 'changed' });
      expect(statuses(await shop.build()).at(-1)).toBe('hit');
      await shop.write({ 'a.txt': 'changed' });
      expect((await shop.predict()).at(-1)).toMatchObject({
        predicted: 'miss',
        reasons: [{ kind: 'files-changed', paths: ['a.txt'] }],
      });
      expect(await output(await shop.build())).toBe('changed');
    });

    it('refuses a source that is not there, at its line', async () => {
      await run('RUN --mount=source=gone,target=/x true');
      await expect(shop.build()).rejects.toMatchObject({
        code: 'not-found',
        message: '"gone" is not in the build context.',
        detail: { kind: 'source', range: { line: 2 } },
      });
    });
  });

  describe('type=cache', () => {
    it('keeps files between builds, outside of the image and of the cache key', async () => {
      await run('RUN --mount=type=cache,target=/c echo one >> /c/log && cat /c/log > /out');
      const first = await shop.build();
      expect(await output(first)).toBe('one\n');
      expect(await shop.listing(first.record)).not.toHaveProperty('c/log');
      expect(statuses(await shop.build()).at(-1)).toBe('hit');
      expect(await output(await shop.build({ noCache: true }))).toBe('one\none\n');
    });

    it('gives a new cache its owner and mode, and keeps caches of other ids apart', async () => {
      await run(
        'RUN --mount=type=cache,id=own,target=/c,uid=1000,gid=1001,mode=0700 stat -c "%u:%g %a" /c > /out; ls /c >> /out; touch /c/x',
        'RUN --mount=type=cache,id=other,target=/c ls /c >> /out',
      );
      expect(await output(await shop.build())).toBe('1000:1001 700\n');
    });

    it('begins with files of a stage', async () => {
      await shop.write({
        Dockerfile: [
          'FROM scratch AS seed',
          'COPY <<f /s/d/f',
          'S',
          'f',
          'FROM busybox:1',
          'RUN --mount=type=cache,id=seeded,from=seed,source=/s,target=/c cat /c/d/f > /out && echo more >> /c/d/f',
        ].join('\n'),
      });
      expect(await output(await shop.build())).toBe('S\n');
      expect(await output(await shop.build({ noCache: true }))).toBe('S\nmore\n');
    });

    it('lets one step at a time into a locked cache', async () => {
      const stage = (name: string) => [
        `FROM busybox:1 AS ${name}`,
        `RUN --mount=type=cache,id=locked,sharing=locked,target=/c test ! -e /c/busy && touch /c/busy && sleep 0.3 && rm /c/busy && echo ${name} > /out`,
      ];
      await shop.write({
        Dockerfile: [
          ...stage('a'),
          ...stage('b'),
          'FROM scratch',
          'COPY --from=a /out /a',
          'COPY --from=b /out /b',
        ].join('\n'),
      });
      const built = await shop.build();
      expect(Object.keys(await shop.listing(built.record))).toEqual(['a', 'b']);
      expect(built.log).toContain('Waiting for the cache locked, which another step uses');
    });

    it('gives each of two steps a private cache', async () => {
      const stage = (name: string) => [
        `FROM busybox:1 AS ${name}`,
        'RUN --mount=type=cache,id=private,sharing=private,target=/c echo x >> /c/f && sleep 0.3 && cp /c/f /out',
      ];
      await shop.write({
        Dockerfile: [
          ...stage('a'),
          ...stage('b'),
          'FROM scratch',
          'COPY --from=a /out /a',
          'COPY --from=b /out /b',
        ].join('\n'),
      });
      expect(Object.values(await shop.listing((await shop.build()).record))).toEqual([
        'file 644 0:0 x\n',
        'file 644 0:0 x\n',
      ]);
    });
  });

  it('type=tmpfs is empty, in memory and gone afterwards', async () => {
    await run(
      'RUN --mount=type=tmpfs,target=/t,size=1m stat -c %a /t > /out; grep " /t " /proc/mounts | cut -d" " -f3 >> /out; touch /t/x',
    );
    const built = await shop.build();
    expect(await output(built)).toBe('1777\ntmpfs\n');
    expect(await shop.listing(built.record)).not.toHaveProperty('t');
  });

  describe('type=secret', () => {
    it('is a file for the step alone, and its value is kept nowhere', async () => {
      await writeFile(join(shop.folder, 'token'), 'very-secret-value');
      await run(
        'RUN --mount=type=secret,id=token stat -c "%a %u" /run/secrets/token > /out; wc -c < /run/secrets/token >> /out',
      );
      const options = { secrets: [{ id: 'token', file: join(shop.folder, 'token') }] };
      const built = await shop.build(options);
      expect(await output(built)).toBe('400 0\n17\n');
      expect(await shop.listing(built.record)).not.toHaveProperty('run/secrets/token');
      // Folders that a step gave to another user of its image are closed to a normal one, and told on stderr.
      const { stdout } = spawnSync('find', [shop.store.paths.home, '-name', '*token*'], { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(
        JSON.stringify(await shop.services.history.load(join(shop.context, 'Dockerfile'))),
      ).not.toContain('very-secret');
      await writeFile(join(shop.folder, 'token'), 'another');
      expect(statuses(await shop.build(options)).at(-1)).toBe('hit');
    });

    it('is a variable with env=, and both with a target too', async () => {
      process.env.STRATA_TEST_SECRET = 'from env';
      await run(
        'RUN --mount=type=secret,id=s,env=TOKEN echo "$TOKEN" > /out; test ! -e /run/secrets/s',
        'RUN --mount=type=secret,id=s,env=TOKEN,target=/s,mode=0444,uid=1000 echo "$TOKEN" >> /out; cat /s >> /out; stat -c " %a %u" /s >> /out',
      );
      const built = await shop.build({ secrets: [{ id: 's', env: 'STRATA_TEST_SECRET' }] });
      expect(await output(built)).toBe('from env\nfrom env\nfrom env 444 1000\n');
    });

    it('is not there when the build was given none, and refused when required', async () => {
      await run('RUN --mount=type=secret,id=none test ! -e /run/secrets/none');
      await shop.build();
      await run('RUN --mount=type=secret,id=none,required true');
      await expect(shop.build()).rejects.toMatchObject({
        code: 'dockerfile-invalid',
        message: 'The secret "none" is required by this step, but the build was not given one.',
        detail: { range: { line: 2 } },
      });
    });
  });

  describe('type=ssh', () => {
    it('is a socket with the owner that was asked for', async () => {
      const agent = join(shop.folder, 'agent.sock');
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(agent, resolve));
      await run(
        'RUN --mount=type=ssh,uid=1000 echo $SSH_AUTH_SOCK > /out; stat -c "%a %u %F" $SSH_AUTH_SOCK >> /out',
      );
      const built = await shop.build({ ssh: [{ id: 'default', socket: agent }] });
      expect(await output(built)).toBe('/run/buildkit/ssh_agent.0\n600 1000 socket\n');
      server.close();
    });

    it('is refused without an agent, in plain words', async () => {
      await run('RUN --mount=type=ssh,required true');
      await expect(shop.build()).rejects.toMatchObject({
        message: expect.stringContaining('was not given one'),
      });
      await expect(shop.build({ ssh: [{ id: 'default', socket: '/nowhere.sock' }] })).rejects.toMatchObject({
        code: 'not-found',
        message: '/nowhere.sock is no socket of an ssh agent.',
      });
    });
  });

  it('runs a script of the Dockerfile with the program it names', async () => {
    await run('RUN <<EOF', '#!/bin/awk -f', 'BEGIN { print "awk" > "/out" }', 'EOF');
    const built = await shop.build();
    expect(await output(built)).toBe('awk\n');
    expect(Object.keys(await shop.listing(built.record))).not.toContain('dev/pipes');
  });

  it('has all rights with --security=insecure, when the build allows them', async () => {
    // A normal user has all rights of its namespace only, to which the kernel's settings do not belong.
    const setting = process.getuid?.() === 0 ? 'touch /proc/sys/kernel/hostname' : 'true';
    await run(`RUN --security=insecure grep CapBnd /proc/self/status | cut -f2 > /out; ${setting}`);
    await expect(shop.build()).rejects.toMatchObject({
      code: 'dockerfile-invalid',
      hint: expect.stringContaining('--allow security.insecure'),
      detail: { range: { line: 2 } },
    });
    const own = /CapBnd:\s*(\w+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
    const given = (await output(await shop.build({ allow: ['security.insecure'] }))) ?? '';
    // A user namespace has all rights over itself, also those that this process may never have.
    const wanted = BigInt(`0x${own}`);
    expect(BigInt(`0x${given.trim()}`) & wanted).toBe(wanted);
  });

  it('has no network but its own with --network=none', async () => {
    await run('RUN --network=none ls /sys/class/net > /out');
    expect(await output(await shop.build())).toBe('lo\n');
  });
});
