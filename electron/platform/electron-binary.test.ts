import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectron } from './electron-binary.ts';
import { runElectron, whyNoWindow } from './run-electron.ts';

let folder: string;
let fetches: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-electron-'));
  await writeFile(join(folder, 'package.json'), '{"name": "electron", "type": "commonjs"}');
  fetches = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A mirror is set, so that no network is probed. */
const find = (env: NodeJS.ProcessEnv = { ELECTRON_MIRROR: 'http://127.0.0.1:1/' }) =>
  findElectron({
    env,
    packageFolder: folder,
    onFetch: () => {
      fetches += 1;
    },
  });

describe('the Electron program', () => {
  it('is taken from where the package has it', async () => {
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'dist', 'electron'), '');
    await writeFile(join(folder, 'path.txt'), 'electron');
    expect(await find()).toEqual({ path: join(folder, 'dist', 'electron') });
    expect(fetches).toBe(0);
  });

  it('is taken from where the environment says', async () => {
    const elsewhere = join(folder, 'own');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'electron'), '');
    expect(await find({ ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toEqual({
      path: join(elsewhere, 'electron'),
    });
  });

  it('is fetched by its installer on first use, told once', async () => {
    await writeFile(
      join(folder, 'install.js'),
      `const fs = require('fs'), path = require('path');
       fs.mkdirSync(path.join(__dirname, 'dist'));
       fs.writeFileSync(path.join(__dirname, 'dist', 'electron'), '');
       fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron');`,
    );
    expect(await find()).toEqual({ path: join(folder, 'dist', 'electron') });
    expect(await find()).toEqual({ path: join(folder, 'dist', 'electron') });
    expect(fetches).toBe(1);
  });

  it.each([
    ['is not installed', null, 'Electron is not installed'],
    [
      'cannot be fetched',
      'throw new Error("no route")',
      'the Electron program could not be fetched (Error: no route)',
    ],
    ['comes in parts', '', 'the fetched Electron program is not complete'],
  ])('%s, which is said', async (_name, installer, why) => {
    if (installer !== null) await writeFile(join(folder, 'install.js'), installer);
    expect(await find()).toEqual({ why });
  });
});

describe('a window', () => {
  it.each([
    ['without a display', {}, 'linux', 1000, 'there is no display'],
    ['as root', { DISPLAY: ':0' }, 'linux', 0, 'Electron does not keep its sandbox for root'],
    ['with X', { DISPLAY: ':0' }, 'linux', 1000, null],
    ['with Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 1000, null],
    ['on macOS', {}, 'darwin', 501, null],
    ['on Windows', {}, 'win32', undefined, null],
  ] as const)('can be had or not: %s', (_name, env, platform, user, why) => {
    expect(whyNoWindow(env, platform, user)).toBe(why);
  });
});

describe.skipIf(process.platform === 'win32')('running Electron', () => {
  const idle = new AbortController().signal;

  async function program(body: string): Promise<string> {
    const path = join(folder, 'program');
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
    return path;
  }

  it('gives it the app, and not the switch that makes it plain Node', async () => {
    const path = await program(`echo "$1 \${ELECTRON_RUN_AS_NODE-unset}" > ${folder}/said`);
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    expect(await runElectron(path, '/the/app', env, idle)).toBeNull();
    expect(await readFile(join(folder, 'said'), 'utf8')).toBe('/the/app unset\n');
  });

  it('says why it did not come up', async () => {
    const path = await program('echo "libnss3.so: cannot open shared object file" >&2; exit 127');
    expect(await runElectron(path, '/the/app', process.env, idle)).toBe(
      'Electron did not start (libnss3.so: cannot open shared object file)',
    );
    expect(await runElectron(await program('kill -TRAP $$'), '/the/app', process.env, idle)).toBe(
      'Electron did not start (it ended with SIGTRAP)',
    );
    expect(await runElectron(join(folder, 'nothing'), '/the/app', process.env, idle)).toContain('ENOENT');
  });

  it('ends it when it is told to', async () => {
    const path = await program(
      `trap 'echo ended > ${folder}/said; exit 0' TERM; echo > ${folder}/up; while :; do sleep 0.05; done`,
    );
    const stop = new AbortController();
    const running = runElectron(path, '/the/app', process.env, stop.signal);
    await expect.poll(() => readFile(join(folder, 'up')).catch(() => null)).not.toBeNull();
    stop.abort();
    expect(await running).toBeNull();
    expect(await readFile(join(folder, 'said'), 'utf8')).toBe('ended\n');
  });
});
