import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, run } from './processes.ts';

const APPLETS = [
  'sh',
  'ls',
  'cat',
  'echo',
  'sleep',
  'mkdir',
  'touch',
  'rm',
  'cp',
  'mv',
  'true',
  'false',
  'env',
];
const APPLETS_MORE = ['id', 'pwd', 'seq', 'test', 'head', 'wc', 'printf', 'chmod', 'chown', 'stat', 'find'];

/** A statically linked busybox, null where it is not installed. */
export function findBusybox(): Promise<string | null> {
  return findProgram('/bin/busybox', '/usr/bin/busybox');
}

/** The tar of a root file system with busybox as its shell and tools: a base image that needs no registry. */
export async function makeBusyboxTar(): Promise<Buffer> {
  const busybox = await findBusybox();
  if (busybox === null) throw new Error('busybox is not installed.');
  const folder = await mkdtemp(path.join(tmpdir(), 'strata-base-'));
  try {
    const root = path.join(folder, 'root');
    for (const name of ['bin', 'etc', 'tmp', 'root']) await mkdir(path.join(root, name), { recursive: true });
    await chmod(path.join(root, 'tmp'), 0o1777);
    await copyFile(busybox, path.join(root, 'bin', 'busybox'));
    await chmod(path.join(root, 'bin', 'busybox'), 0o755);
    for (const applet of [...APPLETS, ...APPLETS_MORE])
      await symlink('busybox', path.join(root, 'bin', applet));
    await writeFile(
      path.join(root, 'etc', 'passwd'),
      'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/tmp:/bin/sh\n',
    );
    await writeFile(path.join(root, 'etc', 'group'), 'root:x:0:\napp:x:1000:\n');
    const tar = path.join(folder, 'root.tar');
    await run('tar', [
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '-C',
      root,
      '-cf',
      tar,
      '.',
    ]);
    return await readFile(tar);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Imports a root file system into the Docker or Podman engine at `socketPath` under `name` with its tag. */
export async function importBase(socketPath: string, name: string, tar: Buffer): Promise<void> {
  const query = new URLSearchParams([
    ['fromSrc', '-'],
    ['repo', name],
    ['changes', 'CMD ["/bin/sh"]'],
    ['changes', 'ENV PATH=/bin'],
  ]);
  await new Promise<void>((resolve, reject) => {
    const call = request(
      {
        socketPath,
        path: `/images/create?${query}`,
        method: 'POST',
        headers: { 'Content-Type': 'application/x-tar', 'Content-Length': tar.length },
      },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString('utf8');
        });
        response.on('end', () => {
          if ((response.statusCode ?? 500) < 300 && !body.includes('errorDetail')) resolve();
          else reject(new Error(`The base image was not imported: ${body}`));
        });
      },
    );
    call.once('error', reject);
    call.end(tar);
  });
}
