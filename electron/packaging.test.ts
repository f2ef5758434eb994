import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRoot } from './platform/app-root.ts';

const ROOT = appRoot();
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Electron's fuse wire, version 1, in its order. */
const FUSES = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'browserV8Snapshot',
  'grantFileProtocolExtraPrivileges',
];

let folder: string;

/** Packages a small project with the real configuration. The Electron in it is a file with a fuse wire and no more. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-package-'));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const { version } = JSON.parse(
    await readFile(join(ROOT, 'node_modules/electron/package.json'), 'utf8'),
  ) as { version: string };
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as object;
  await write(
    'package.json',
    JSON.stringify({ ...manifest, dependencies: { ws: '1.0.0' }, devDependencies: { electron: version } }),
  );
  await write('node_modules/ws/package.json', '{"name": "ws", "version": "1.0.0"}');
  await write('node_modules/ws/index.js', 'a bundled dependency');
  for (const name of ['main.js', 'cli.js', 'preload.cjs', 'chunks/a.js', 'renderer/index.html']) {
    await write(`out/${name}`, name);
  }
  for (const name of [
    'electron/main.ts',
    'renderer/app.tsx',
    'e2e/a.spec.ts',
    '.env',
    'notes.md',
    'test-results/a',
  ]) {
    await write(name, 'must stay here');
  }
  await cp(join(ROOT, 'assets'), join(folder, 'assets'), { recursive: true });
  await cp(join(ROOT, 'electron-builder.yml'), join(folder, 'electron-builder.yml'));
  await write(
    'dist-electron/electron',
    `before ${FUSE_SENTINEL}\x01${String.fromCharCode(FUSES.length)}10110001 after`,
  );
  await write('dist-electron/version', version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) await write(`dist-electron/${name}`, 'words');
  const cli = join(ROOT, 'node_modules/electron-builder/cli.js');
  const args = ['--linux', 'dir', '--x64', '--publish', 'never', '-c.electronDist=dist-electron'];
  await promisify(execFile)(process.execPath, [cli, ...args, `-c.electronVersion=${version}`], {
    cwd: folder,
  });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const packaged = (...path: string[]) => join(folder, 'dist', 'linux-unpacked', ...path);

describe('the package', () => {
  it('holds out/ and package.json and nothing else', async () => {
    expect(listAsar(await readFile(packaged('resources', 'app.asar'))).sort()).toEqual([
      'out/chunks/a.js',
      'out/cli.js',
      'out/main.js',
      'out/preload.cjs',
      'out/renderer/index.html',
      'package.json',
    ]);
  });

  it('has its fuses set: no Node by the back door, only our own archive', async () => {
    expect(readFuses(await readFile(packaged('strata'), 'latin1'))).toMatchObject({
      runAsNode: '0',
      cookieEncryption: '1',
      nodeOptions: '0',
      nodeInspect: '0',
      asarIntegrity: '1',
      onlyLoadAppFromAsar: '1',
      grantFileProtocolExtraPrivileges: '0',
    });
  });
});

interface AsarFolder {
  files: Record<string, AsarFolder | { size: number }>;
}

/** The paths of an asar archive: a JSON header after four little-endian numbers, the last of which is its length. */
function listAsar(bytes: Buffer): string[] {
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as AsarFolder;
  const walk = (folder: AsarFolder, prefix: string): string[] =>
    Object.entries(folder.files).flatMap(([name, entry]) =>
      'files' in entry ? walk(entry, `${prefix}${name}/`) : [prefix + name],
    );
  return walk(header, '');
}

function readFuses(text: string): Record<string, string> {
  const start = text.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length + 2;
  return Object.fromEntries(FUSES.map((name, index) => [name, text[start + index] ?? '']));
}
