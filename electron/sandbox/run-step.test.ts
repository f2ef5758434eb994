import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasBusybox, makeBusyboxImage, type TestImage } from './testing/busybox-image.ts';

describe.skipIf(!hasBusybox)('running a step (needs Linux and busybox-static)', () => {
  let image: TestImage;
  beforeEach(async () => {
    image = await makeBusyboxImage();
  });
  afterEach(() => image.remove());

  it.each([
    ['exit 0', 0, null],
    ['exit 3', 3, null],
    ['exit 137', 137, null],
    ['kill -9 $$', 137, 'SIGKILL'],
    ['kill -SEGV $$', 139, 'SIGSEGV'],
    ['not-there', 127, null],
  ])('tells how "%s" ended', async (command, exitCode, signal) => {
    expect(await image.run(command)).toMatchObject({ exitCode, signal });
  });

  it('hands over both streams as they come, also when the step opens /dev/stdout and /dev/stderr by name', async () => {
    const { out, err } = await image.run(
      'echo a; echo b >&2; echo c >/dev/stdout; echo d | tee -a /dev/stderr',
    );
    expect(out).toBe('a\nc\nd\n');
    expect(err).toBe('b\nd\n');
  });

  it.each([
    [['/bin/missing', 'x'], '/', 127, 'exec: failed to execute /bin/missing: No such file or directory\n'],
    [['not-in-path'], '/', 127, 'exec: failed to execute not-in-path: No such file or directory\n'],
    [['/etc/passwd'], '/', 126, 'exec: failed to execute /etc/passwd: Permission denied\n'],
  ])('says what cannot be run: %j', async (argv, cwd, exitCode, err) => {
    expect(await image.run(argv, { cwd })).toMatchObject({ exitCode, err, out: '' });
  });

  it('refuses a working directory that is a file', async () => {
    await expect(image.run('true', { cwd: '/srv/keep' })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('runs over a layer that comes twice', async () => {
    const layer = await image.commit('echo 1 > /srv/twice; rm /srv/old');
    await image.commit('echo 2 > /srv/twice; echo new > /srv/old');
    image.add(layer);
    const { out } = await image.run('cat /srv/twice; ls /srv');
    expect(out).toBe('1\nkeep\nsub\ntwice\n');
  });

  it('hands over megabytes without a loss', async () => {
    const { out } = await image.run('yes 0123456 | head -c 8000000');
    expect(out).toBe('0123456\n'.repeat(1_000_000));
  });

  it('sets exactly the environment that it is given, with PATH and HOME when they are missing', async () => {
    const bare = await image.run(['/bin/env'], { env: ['A=1', 'B=two words $HOME', 'odd-name=x', 'A=2'] });
    expect(bare.out.split('\n').sort().join('\n')).toBe(
      '\nA=2\nB=two words $HOME\nHOME=/root\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nodd-name=x',
    );
    const set = await image.run(['env'], { env: ['PATH=/bin', 'HOME=/h'] });
    expect(set.out).toBe('PATH=/bin\nHOME=/h\n');
  });

  it('gives loader variables to the step and not to programs of the host', async () => {
    const { out, err } = await image.run('echo "$LD_PRELOAD $LD_LIBRARY_PATH $1"', {
      argv: ['/bin/sh', '-c', 'echo "$LD_PRELOAD $LD_LIBRARY_PATH $1"', 'sh', 'x=y'],
      env: ['LD_PRELOAD=/nowhere.so', 'LD_LIBRARY_PATH=/lib/a b'],
    });
    expect({ out, err }).toEqual({ out: '/nowhere.so /lib/a b x=y\n', err: '' });
  });

  it('never lets a shell read its values', async () => {
    const nasty = '$(touch /pwned) `id` "quoted" \'single\' ; exit 9 \\ \n *';
    const { out, exitCode, upper } = await image.run(['/bin/echo', nasty], {
      env: [`X=${nasty}`],
      cwd: '/srv',
    });
    expect({ out, exitCode }).toEqual({ out: `${nasty}\n`, exitCode: 0 });
    expect(await readdir(upper)).toEqual([]);
  });

  it('starts in the working directory, made for the step when the image lacks it', async () => {
    expect((await image.run('pwd', { cwd: '/srv/sub' })).out).toBe('/srv/sub\n');
    const missing = await image.run('pwd', { cwd: '/new place/deep' });
    expect(missing.out).toBe('/new place/deep\n');
    expect(await readdir(missing.upper)).toEqual([]);
  });

  it.each([
    ['', 'uid=0(root) gid=0(root) groups=0(root),29(audio)', '/root'],
    ['app', 'uid=1000(app) gid=1001 groups=29(audio),50(staff),1001', '/home/app'],
    ['1000', 'uid=1000(app) gid=1001 groups=29(audio),50(staff),1001', '/home/app'],
    ['app:games', 'uid=1000(app) gid=60(games) groups=60(games)', '/home/app'],
    ['app:7', 'uid=1000(app) gid=7 groups=7', '/home/app'],
    ['4321', 'uid=4321 gid=0(root) groups=0(root)', '/'],
    ['4321:50', 'uid=4321 gid=50(staff) groups=50(staff)', '/'],
  ])('runs as user "%s"', async (user, id, home) => {
    const { out } = await image.run('id; echo $HOME', { user });
    const [first = '', second] = out.split('\n');
    const sorted = first.replace(
      /groups=(.*)/,
      (_, list: string) =>
        `groups=${[...new Set(list.split(','))].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).join(',')}`,
    );
    expect([sorted, second]).toEqual([id, home]);
  });

  it.each([
    ['nobody-here', 'user "nobody-here"'],
    ['app:nogroup', 'group "nogroup"'],
  ])('refuses the unknown user "%s"', async (user, words) => {
    await expect(image.run('true', { user })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(words),
    });
  });

  it('has a host name, /etc/hosts and /etc/resolv.conf of its own', async () => {
    const { out } = await image.run('hostname; cat /etc/hosts; echo x >>/etc/resolv.conf', {
      hostname: 'forge',
      extraHosts: [{ name: 'db', address: '10.0.0.9' }],
    });
    expect(out).toBe(
      'forge\n127.0.0.1\tlocalhost forge\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.0.9\tdb\n',
    );
  });

  it("has only a loopback without network, and the host's interfaces otherwise", async () => {
    const list = "sed -n 's/:.*//p' /proc/net/dev | tr -d ' '";
    expect((await image.run(list, { network: 'none' })).out).toBe('lo\n');
    expect((await image.run('ping -c1 -W1 127.0.0.1 >/dev/null && echo up', { network: 'none' })).out).toBe(
      'up\n',
    );
  });

  it('has the rights of a container and no more', async () => {
    const { out } = await image.run(
      'grep CapEff /proc/self/status; mount -t tmpfs x /srv; echo "$?"; echo 1 >/proc/sys/vm/swappiness || echo read-only',
    );
    expect(out).toMatch(/CapEff:\t00000000a80425fb\n[^0].*\nread-only\n/s);
    expect((await image.run('grep CapEff /proc/self/status', { user: 'app' })).out).toBe(
      'CapEff:\t0000000000000000\n',
    );
  });

  it('mounts folders, files, memory and secrets where the step wants them, and leaves no trace', async () => {
    await writeFile(join(image.folder, 'file'), 'a file\n');
    await mkdir(join(image.folder, 'cache with blank'), { mode: 0o777 });
    const { out, err, upper } = await image.run(
      'cat /in/file /run/secrets/a; stat -c "%a %u %s" /run/secrets/a; echo no >/in/file; echo hit >/cache/hit; touch /mem/x; stat -c %a /mem; mknod /cache/null c 1 3 && echo >/cache/null; ls /mem',
      {
        binds: [
          { source: join(image.folder, 'file'), target: '/in/file', readonly: true },
          { source: join(image.folder, 'cache with blank'), target: '/cache', readonly: false },
        ],
        tmpfs: [{ target: '/mem', mode: 0o1777, size: 1 << 20 }],
        secrets: [
          { target: '/run/secrets/a', content: Buffer.from('s\0\n$x'), mode: 0o400, uid: 0, gid: 0 },
          { target: '/srv/b', content: new Uint8Array(), mode: 0o644, uid: 1000, gid: 0 },
        ],
      },
    );
    expect(out).toBe('a file\ns\0\n$x400 0 5\n1777\nx\n');
    expect(err).toMatch(/can't create \/in\/file: Read-only file system\n.*/);
    expect(err.split('\n')).toHaveLength(3);
    expect(await readFile(join(image.folder, 'cache with blank', 'hit'), 'utf8')).toBe('hit\n');
    expect([...(await image.diff(upper)).index.entries]).toEqual([]);
  });

  it('mounts inside of mounts, whatever their order', async () => {
    const { out, upper } = await image.run('echo x >/run/deep/cache/y; ls -R /run; cat /run/secrets/s', {
      binds: [{ source: join(image.folder, 'lower'), target: '/run/deep/cache/lower', readonly: true }],
      tmpfs: [{ target: '/run/deep/cache' }, { target: '/run' }],
      secrets: [{ target: '/run/secrets/s', content: Buffer.from('secret'), mode: 0o400, uid: 0, gid: 0 }],
    });
    expect(out).toMatch(/\/run\/deep\/cache:\nlower\ny\n[\s\S]*secret$/);
    expect([...(await image.diff(upper)).index.entries]).toEqual([]);
  });

  it('follows the symlinks of the image to a mount, never those of the host', async () => {
    await image.addEntries([
      { path: 'out', type: 'symlink', linkTarget: '/tmp' },
      { path: 'etc/resolv.conf', type: 'symlink', linkTarget: '../run/resolve/stub.conf' },
      { path: 'loop', type: 'symlink', linkTarget: 'loop' },
    ]);
    const bind = { source: join(image.folder, 'lower'), readonly: true };
    const { out } = await image.run(
      'ls -d /tmp/a/b /run/resolve/stub.conf; test -d /tmp/a/b/c || echo empty',
      {
        binds: [{ ...bind, target: '/out/a/b' }],
      },
    );
    expect(out).toBe('/run/resolve/stub.conf\n/tmp/a/b\nempty\n');
    expect(existsSync('/tmp/a/b')).toBe(false);
    for (const target of ['/loop/x', '/', '/srv/keep/x', '/a\nb']) {
      await expect(image.run('true', { binds: [{ ...bind, target }] })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }
  });

  it('makes places that an earlier layer removed', async () => {
    await image.addEntries([
      { path: 'proc', type: 'directory' },
      { path: 'etc/hosts' },
      { path: 'app', type: 'directory' },
    ]);
    await image.addEntries([
      { path: 'proc', type: 'whiteout' },
      { path: 'dev', type: 'whiteout' },
      { path: 'app', type: 'whiteout' },
      { path: 'etc/hosts', type: 'whiteout' },
    ]);
    const { out, exitCode } = await image.run(
      'pwd; test -e /proc/self/stat && grep -c localhost /etc/hosts; echo >/dev/null',
      { cwd: '/app' },
    );
    expect({ out, exitCode }).toEqual({ out: '/app\n2\n', exitCode: 0 });
  });

  it('says so when a mount cannot be made, and has not begun', async () => {
    const binds = [{ source: join(image.folder, 'missing'), target: '/x', readonly: true }];
    await expect(image.run('true', { binds })).rejects.toMatchObject({ code: 'not-found' });
    const tmpfs = [{ target: '/x', size: -5 }];
    const { folder } = image;
    await expect(image.run('true', { tmpfs })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('/x'),
    });
    expect(await readdir(join(folder, 'step-2'))).toEqual(['upper']);
  });
});
