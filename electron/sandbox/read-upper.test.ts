import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readUpper } from './read-upper.ts';
import { hasBusybox, makeBusyboxImage, type TestImage } from './testing/busybox-image.ts';
import { describeLayer } from './testing/make-layer.ts';

const hasSetfattr = existsSync('/usr/bin/setfattr');
/** cap_net_raw+ep in the form of version 2 (capability.h). */
const CAPABILITY = '0100000200200000000000000000000000000000';

describe.skipIf(!hasBusybox)('the layer of a step (needs Linux and busybox-static)', () => {
  let image: TestImage;
  beforeEach(async () => {
    image = await makeBusyboxImage();
  });
  afterEach(() => image.remove());

  async function changes(command: string): Promise<string[]> {
    return describeLayer((await image.commit(command)).tar);
  }

  it.each([
    ['true', []],
    ['cat /srv/keep; ls -lR / >/dev/null 2>&1; true', []],
    ['touch /tmp/x && rm /tmp/x; touch -d @1700000000 /tmp', []],
    ['echo x >/dev/new; mkdir /dev/shm/y; echo 127.0.0.2 me >>/etc/hosts; echo >/etc/resolv.conf', []],
    ['chmod 755 /srv', []],
    ['echo new >/srv/new', ['directory 755 0:0 srv', 'file 644 0:0 srv/new']],
    ['chmod 600 /srv/keep', ['directory 755 0:0 srv', 'file 600 0:0 srv/keep']],
    ['chmod 700 /srv', ['directory 700 0:0 srv']],
    ['chown 1000:50 /srv/sub', ['directory 755 0:0 srv', 'directory 755 1000:50 srv/sub']],
    ['rm /srv/old', ['directory 755 0:0 srv', 'whiteout 0 0:0 srv/old']],
    ['rm -r /srv', ['whiteout 0 0:0 srv']],
    [
      'mv /srv/old /srv/renamed',
      ['directory 755 0:0 srv', 'whiteout 0 0:0 srv/old', 'file 644 0:0 srv/renamed'],
    ],
    [
      'rm -r /srv/sub && mkdir /srv/sub && echo c >/srv/sub/c',
      [
        'directory 755 0:0 srv',
        'directory 755 0:0 srv/sub',
        'opaque 0 0:0 srv/sub',
        'file 644 0:0 srv/sub/c',
      ],
    ],
    [
      't=$(stat -c %Y /srv/sub) && rm -r /srv && mkdir -p /srv/sub && touch -d @$t /srv/sub',
      ['directory 755 0:0 srv', 'opaque 0 0:0 srv', 'directory 755 0:0 srv/sub'],
    ],
    ['rm -r /srv/sub && ln -s old /srv/sub', ['directory 755 0:0 srv', 'symlink 777 0:0 srv/sub -> old']],
    [
      'rm /srv/old && mkdir /srv/old && touch /srv/old/x',
      ['directory 755 0:0 srv', 'directory 755 0:0 srv/old', 'file 644 0:0 srv/old/x'],
    ],
    ['mkdir -p /n/a/b', ['directory 755 0:0 n', 'directory 755 0:0 n/a', 'directory 755 0:0 n/a/b']],
    [
      'mkdir /n && echo x >/n/b && ln /n/b /n/a && ln -s /n/b /n/c && mkfifo -m 640 /n/d && cp /bin/busybox /n/e && chmod 4711 /n/e && mkdir -m 3777 /n/f',
      [
        'directory 755 0:0 n',
        'file 644 0:0 n/a',
        'hardlink 644 0:0 n/b -> n/a',
        'symlink 777 0:0 n/c -> /n/b',
        'fifo 640 0:0 n/d',
        'file 4711 0:0 n/e',
        'directory 3777 0:0 n/f',
      ],
    ],
    [
      'touch "/a b" "/$(printf \'new\\nline\')" /ü',
      ['file 644 0:0 a b', 'file 644 0:0 new\nline', 'file 644 0:0 ü'],
    ],
  ])('of "%s" is what changed', async (command, expected) => {
    expect(await changes(command)).toEqual(expected);
  });

  it('gives the next step the same files, taken over or unpacked again', async () => {
    const list =
      "cd /srv; find . -exec stat -c '%n %a %u %g %s %F %Y' {} + | sort; find . -type f -exec md5sum {} + | sort";
    const command =
      'cd /srv; rm -r sub old; mkdir sub; echo c >sub/c; ln sub/c hard; chown 1000:50 sub/c; chmod 4755 hard; ln -s ../bin sym; mkfifo pipe; chmod 710 .';
    const { upper } = await image.run(command);
    const layer = await image.diff(upper);
    image.add(layer);
    const unpacked = await image.run(list);
    await image.store.remove(layer.diffId);
    expect(await image.store.list()).not.toContain(layer.diffId);
    expect(await image.store.adopt(layer.diffId, upper)).toBe(true);
    const adopted = await image.run(list);
    expect(unpacked.out).toBe(adopted.out);
    expect(adopted.out).toContain('./hard 4755 1000 50 2 regular file');
    expect(adopted.out).not.toContain('sub/a');
  });

  it('goes on hiding files over several layers', async () => {
    await image.commit('rm -r /srv/sub; mkdir /srv/sub; echo 1 >/srv/sub/b');
    await image.commit('rm -r /srv/sub');
    expect((await image.run('ls /srv')).out).toBe('keep\nold\n');
    await image.commit('mkdir /srv/sub; touch /srv/sub/z');
    expect((await image.run('ls /srv/sub')).out).toBe('z\n');
    expect(image.tree.get('srv/sub')?.children?.size).toBe(1);
  });

  it('leaves sockets out', async () => {
    const { upper } = await image.run('mkdir /s && touch /s/file');
    const server = createServer().listen(join(upper, 's/socket'));
    await once(server, 'listening');
    try {
      const { tar } = await image.diff(upper);
      expect(await describeLayer(tar)).toEqual(['directory 755 0:0 s', 'file 644 0:0 s/file']);
    } finally {
      server.close();
    }
  });

  it.skipIf(!hasSetfattr)('keeps capabilities and user attributes (needs attr)', async () => {
    const links = ['lib', 'lib64'].map(
      (name) => ({ path: name, type: 'symlink', linkTarget: `usr/${name}` }) as const,
    );
    await image.addEntries(links);
    const set = (name: string, value: string) => `/usr/bin/setfattr -n ${name} -v ${value} /srv/ping`;
    await image.commit(
      `cp /bin/busybox /srv/ping; ${set('user.note', 'hello')} && ${set('security.capability', `0x${CAPABILITY}`)}`,
      { binds: [{ source: '/usr', target: '/usr', readonly: true }] },
    );
    await image.commit('ln /srv/ping /srv/pong');
    const layer = await image.commit('touch /srv/pong');
    const xattrs = [...layer.index.entries].find(({ path }) => path === 'srv/pong')?.xattrs ?? {};
    expect(Object.keys(xattrs).sort()).toEqual(['security.capability', 'user.note']);
    expect(Buffer.from(xattrs['security.capability'] ?? '', 'latin1').toString('hex')).toBe(CAPABILITY);
    expect([...layer.index.entries].find(({ path }) => path === 'srv')?.xattrs).toBeUndefined();
  });

  it('refuses a name that would mean a removed file', async () => {
    const { upper } = await image.run('touch /.wh.etc');
    await expect(image.diff(upper)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('stops when it is cancelled', async () => {
    const { upper } = await image.run('head -c 50000000 /dev/zero >/big');
    const controller = new AbortController();
    const reading = readUpper(upper, { below: image.tree, signal: controller.signal }, async ({ body }) => {
      for await (const chunk of body ?? []) if (chunk.length > 0) controller.abort();
    });
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
