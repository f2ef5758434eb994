import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createIgnoreMatcher, parseIgnore } from '../../../build/context/ignore.ts';
import { scanContext } from '../../../build/context/scan-context.ts';
import { readTar } from '../../../image/tar/read-tar.ts';
import { run } from '../../testing/processes.ts';
import { makeProject, removeFolders } from '../../testing/watch-build.ts';
import { createContextTar, placeDockerfile } from './context-tar.ts';

const folders: string[] = [];
afterEach(() => removeFolders(folders.splice(0)));

async function project(files: Record<string, string>): Promise<string> {
  const folder = await makeProject(files);
  folders.push(folder);
  return folder;
}

/** Sends a folder and unpacks it with the system's tar. */
async function sendAndUnpack(root: string, ignoreText: string, dockerfile: string, text: string) {
  const listing = await scanContext(root, { matcher: createIgnoreMatcher(parseIgnore(ignoreText)) });
  const sent = placeDockerfile(listing, dockerfile, text);
  const chunks: Buffer[] = [];
  const signal = new AbortController().signal;
  for await (const chunk of createContextTar({ listing, attributesOf: undefined }, sent, ignoreText, signal))
    chunks.push(chunk as Buffer);
  const target = await project({ 'context.tar': '', 'tree/': '' });
  await writeFile(path.join(target, 'context.tar'), Buffer.concat(chunks));
  const tree = path.join(target, 'tree');
  await run('tar', ['-C', tree, '-xpf', path.join(target, 'context.tar')]);
  const names = (await run('find', ['.', '-mindepth', '1', '-printf', '%P %y %m %l\n'], { cwd: tree }))
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .sort();
  return { sent, names, cat: (name: string) => run('cat', [path.join(tree, name)]) };
}

describe('the context as a tar', () => {
  it('holds what the ignore file leaves, with modes and links', async () => {
    const root = await project({
      Dockerfile: 'FROM x\n',
      'src/a.txt': 'a',
      'src/b.log': '',
      'deep/er/file': 'x'.repeat(600_000),
    });
    await chmod(path.join(root, 'src', 'a.txt'), 0o755);
    await symlink('a.txt', path.join(root, 'src', 'link'));
    await mkdir(path.join(root, 'empty'));
    await chmod(path.join(root, 'empty'), 0o700);
    const { sent, names, cat } = await sendAndUnpack(
      root,
      '**/*.log\n',
      path.join(root, 'Dockerfile'),
      'FROM x\n',
    );
    expect(sent).toEqual({ path: 'Dockerfile', text: null });
    expect(names.filter((name) => !name.startsWith('deep'))).toEqual([
      'Dockerfile f 644',
      'empty d 700',
      'src d 755',
      'src/a.txt f 755',
      'src/link l 777 a.txt',
    ]);
    expect(await cat('deep/er/file')).toHaveLength(600_000);
  });

  it('adds a Dockerfile that is ignored or elsewhere, and tells the engine to leave it out of copies', async () => {
    const root = await project({ Dockerfile: 'FROM x\n', 'a.txt': 'a', '.dockerignore': 'Dockerfile\n' });
    const { sent, names, cat } = await sendAndUnpack(
      root,
      'Dockerfile\n',
      path.join(root, 'Dockerfile'),
      'FROM x\n',
    );
    expect(sent.path).toMatch(/^\.dockerfile\.[0-9a-f]{20}$/);
    expect(names).toEqual([`${sent.path} f 644`, '.dockerignore f 644', 'a.txt f 644'].sort());
    expect(await cat(sent.path)).toBe('FROM x\n');
    expect((await cat('.dockerignore')).split('\n')).toContain(sent.path);
  });

  it('fails when a file becomes shorter while it is sent', async () => {
    const root = await project({ Dockerfile: 'FROM x\n', big: 'x'.repeat(1000) });
    const listing = await scanContext(root);
    await writeFile(path.join(root, 'big'), 'short');
    const sent = { path: 'Dockerfile', text: null };
    const stream = createContextTar(
      { listing, attributesOf: undefined },
      sent,
      '',
      new AbortController().signal,
    );
    await expect(stream.toArray()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leaves out pipes and sockets, of which an engine knows nothing', async () => {
    const root = await project({ Dockerfile: 'FROM x\n', 'a.txt': 'a' });
    await run('mkfifo', [path.join(root, 'pipe')]);
    const { names } = await sendAndUnpack(root, '', path.join(root, 'Dockerfile'), 'FROM x\n');
    expect(names).toEqual(['Dockerfile f 644', 'a.txt f 644']);
  });

  it('holds what an archive said of its files, and a file of two names once', async () => {
    const root = await project({ a: 'A', b: 'B' });
    await link(path.join(root, 'a'), path.join(root, 'twin'));
    const listing = await scanContext(root, {});
    const attributesOf = ({ path: name }: { path: string }) =>
      name === 'b' ? { mode: 0o600, uid: 1, gid: 2 } : { mode: 0o4711, uid: 5, gid: 6, mtime: 1_000_000_000 };
    const signal = new AbortController().signal;
    const sent = { path: 'Dockerfile', text: null };
    const found: Record<string, string> = {};
    for await (const entry of readTar(createContextTar({ listing, attributesOf }, sent, '', signal))) {
      const { type, mode, uid, gid, size, linkName } = entry;
      found[entry.path] = [type, mode.toString(8), `${uid}:${gid}`, size, linkName]
        .filter((one) => one !== '')
        .join(' ');
    }
    expect(found).toEqual({
      a: 'file 4711 5:6 1',
      b: 'file 600 1:2 1',
      twin: 'hardlink 4711 5:6 0 a',
    });
  });
});
