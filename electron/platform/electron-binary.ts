import { spawn } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Electron is, or why it cannot be had: a clause that ends "…, because ". */
export type ElectronBinary = { readonly path: string } | { readonly why: string };

const FETCH_LIMIT_MS = 5 * 60 * 1000;
const PROBE_LIMIT_MS = 4000;
const RELEASES = 'https://github.com/electron/electron/releases';
/** Set by people whose network needs another way than the direct one, which then cannot be probed. */
const OTHER_WAYS = [
  'ELECTRON_MIRROR',
  'npm_config_electron_mirror',
  'ELECTRON_GET_USE_PROXY',
  'HTTPS_PROXY',
  'https_proxy',
];

/** Looks at the machine; replaced in tests of what is made of it. */
export interface ElectronSearch {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the npm package `electron`. */
  readonly packageFolder: string;
  /** Told once before a download begins. */
  onFetch(): void;
}

/** Electron's program, fetched by its own installer where the package is there and the program is not yet. */
export async function findElectron(search: ElectronSearch, signal?: AbortSignal): Promise<ElectronBinary> {
  const present = await presentBinary(search);
  if (present !== null) return { path: present };
  const installer = join(search.packageFolder, 'install.js');
  if (!(await isThere(installer))) return { why: 'Electron is not installed' };
  const usesOtherWay = OTHER_WAYS.some((name) => search.env[name]);
  if (!usesOtherWay && !(await isReachable(signal))) {
    return { why: 'the Electron program is not here and cannot be fetched (no network)' };
  }
  search.onFetch();
  const failure = await runInstaller(installer, search.env, signal);
  if (failure !== null) return { why: `the Electron program could not be fetched (${failure})` };
  const fetched = await presentBinary(search);
  return fetched === null ? { why: 'the fetched Electron program is not complete' } : { path: fetched };
}

/** The package notes in `path.txt` which file of `dist` is the program. */
async function presentBinary({ env, packageFolder }: ElectronSearch): Promise<string | null> {
  const name = await readFile(join(packageFolder, 'path.txt'), 'utf8').catch(() => null);
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, 'dist');
  if (name === null && env.ELECTRON_OVERRIDE_DIST_PATH === undefined) return null;
  const path = join(folder, name ?? 'electron');
  return (await isThere(path)) ? path : null;
}

async function isReachable(signal: AbortSignal | undefined): Promise<boolean> {
  const limit = AbortSignal.timeout(PROBE_LIMIT_MS);
  const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  return fetch(RELEASES, { method: 'HEAD', signal: either }).then(
    (response) => response.ok,
    () => false,
  );
}

/** Null when the installer ended well, else why not. */
function runInstaller(
  installer: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  return new Promise((resolve) => {
    const limit = AbortSignal.timeout(FETCH_LIMIT_MS);
    const child = spawn(process.execPath, [installer], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    let said = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    child.once('error', (error) => resolve(error.name === 'AbortError' ? 'it took too long' : error.message));
    child.once('close', (code) => resolve(code === 0 ? null : reasonIn(said)));
  });
}

/** Of what Node prints for an uncaught error, the line that names it. */
function reasonIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const named = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line !== '');
  return named ?? 'no reason was given';
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
