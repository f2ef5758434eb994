import {
  chmod,
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';

const ACCOUNTS = {
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\nsolo:x:1002:1002::/:/bin/sh\n',
  'etc/group': 'root:x:0:\napp:x:1001:\nstaff:x:50:app\n',
};
const FOLDERS = [
  'bin',
  'dev',
  'etc',
  'home/app',
  'proc',
  'root',
  'run',
  'srv/keep',
  'sys',
  'tmp',
  'usr/bin',
  'var',
];

/**
 * Writes the tar of the root file system that both builders start from: busybox, accounts, the usual symlinks, a pair
 * of hard links and a program with a file capability.
 */
export async function makeBaseTar(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-base-'));
  const root = join(folder, 'root');
  try {
    for (const name of FOLDERS) await mkdir(join(root, name), { recursive: true });
    await copyFile('/bin/busybox', join(root, 'bin/busybox'));
    await chmod(join(root, 'bin/busybox'), 0o755);
    const applets = (await run('/bin/busybox', ['--list'])).trim().split('\n');
    for (const applet of applets)
      if (applet !== 'busybox') await symlink('busybox', join(root, 'bin', applet));
    for (const [path, text] of Object.entries(ACCOUNTS)) await writeFile(join(root, path), text);
    await chmod(join(root, 'tmp'), 0o1777);
    await chmod(join(root, 'home/app'), 0o750);
    await symlink('/run', join(root, 'var/run'));
    await symlink('../srv/keep', join(root, 'var/kept'));
    await writeFile(join(root, 'srv/keep/a'), 'a of the base\n');
    await link(join(root, 'srv/keep/a'), join(root, 'srv/keep/b'));
    await writeFile(join(root, 'srv/old'), 'old\n');
    await cp('/bin/busybox', join(root, 'usr/bin/capable'));
    await run('setcap', ['cap_net_raw=ep', join(root, 'usr/bin/capable')]).catch(() => '');
    await run('chown', ['-R', '1000:1001', join(root, 'home/app')]);
    const tar = join(folder, 'root.tar');
    const fixed = ['--sort=name', '--mtime=@1600000000', '--numeric-owner', '--xattrs', '--format=posix'];
    await run('tar', [...fixed, '--pax-option=delete=atime,delete=ctime', '-C', root, '-cf', tar, '.']);
    return await readFile(tar);
  } finally {
    await rm(dirname(root), { recursive: true, force: true });
  }
}

/** The settings of the base, as Dockerfile lines. */
export const BASE_SETTINGS = ['WORKDIR /', 'ENV PATH=/bin:/usr/bin', 'CMD ["/bin/sh"]'] as const;
