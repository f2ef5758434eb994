import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { expect, it } from 'vitest';
import { appRoot } from './platform/app-root.ts';

const ROOT = appRoot();
const SOURCE = /\.tsx?$/;
const IMPORT =
  /(?:^import\b[^'"\n]*|^\}\s*from\s*|^export\b[^'"\n]*\bfrom\s*|\bimport\(\s*)['"]([^'"]+)['"]/gm;
const ROOT_IMPORT = /^#(shared|electron|renderer)\//;

/**
 * The floors of `electron/`, from the bottom: a folder may import from its own floor and from those below.
 * `insight`, `registry` and `build` are one floor, and so on, as drawn in the architecture.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['platform'],
  ['image', 'store', 'sandbox'],
  ['build', 'registry', 'insight'],
  ['engine', 'share', 'operations', 'settings'],
  ['api'],
  ['web', 'desktop', 'cli', 'handover'],
];
const HOSTS = ['web', 'desktop', 'cli'];

interface Import {
  /** Path of the importing file from the root, with forward slashes. */
  readonly file: string;
  /** Path of the imported file from the root, or the name of a package. */
  readonly target: string;
}

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split('\\').join('/'));
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, name = '']) => ({ file, target: resolveTarget(file, name) }));
}

function resolveTarget(file: string, name: string): string {
  if (name.startsWith('.')) return posix.join(posix.dirname(file), name);
  return ROOT_IMPORT.test(name) ? name.slice(1) : name;
}

const files = (await Promise.all(['shared', 'electron', 'renderer'].map(sourceFiles))).flat();
const imports = (await Promise.all(files.map(importsOf))).flat();

/** Tests may look at everything but the other root; programs keep to the floors. */
const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing\//.test(file);
const programs = imports.filter(({ file }) => !isTest(file));

function floorOf(path: string): number {
  const [root, folder = ''] = path.split('/');
  return root === 'electron' ? FLOORS.findIndex((floor) => floor.includes(folder)) : -1;
}

function show(found: readonly Import[]): string[] {
  return found.map(({ file, target }) => `${file} imports ${target}`);
}

it('reads the sources', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(show(imports)).toContain('electron/main.ts imports electron/desktop/run-desktop.ts');
  expect(show(imports)).toContain('electron/api/router.ts imports electron/api/app-api.ts');
});

it('shared imports nothing but itself and libraries without an environment', () => {
  const allowed = /^(shared\/|zod$|semver$|@orpc\/contract$)/;
  const found = programs.filter(({ file, target }) => file.startsWith('shared/') && !allowed.test(target));
  expect(show(found)).toEqual([]);
});

it('renderer and electron never import each other', () => {
  const found = imports.filter(
    ({ file, target }) =>
      (file.startsWith('renderer/') && target.startsWith('electron/')) ||
      (file.startsWith('electron/') && target.startsWith('renderer/')),
  );
  expect(show(found)).toEqual([]);
});

it('the page imports no part of Node and no server', () => {
  const found = programs.filter(
    ({ file, target }) =>
      file.startsWith('renderer/') && /^(node:|electron$|ws$|undici$|@orpc\/server)/.test(target),
  );
  expect(show(found)).toEqual([]);
});

it('every folder of electron stands on one of the floors', () => {
  const folders = new Set(
    files.filter((file) => file.startsWith('electron/')).map((file) => file.split('/').slice(1, -1)[0]),
  );
  folders.delete(undefined);
  expect([...folders].filter((folder) => !FLOORS.flat().includes(folder ?? ''))).toEqual([]);
});

it('inside electron, imports go to the same floor or down', () => {
  const found = programs.filter(({ file, target }) => {
    const from = floorOf(file);
    return from >= 0 && floorOf(target) > from;
  });
  expect(show(found)).toEqual([]);
});

it('hosts do not import each other, but for the command that serves the page', () => {
  const hostOf = (path: string) => HOSTS.find((host) => path.startsWith(`electron/${host}/`));
  const found = programs.filter(({ file, target }) => {
    const [from, to] = [hostOf(file), hostOf(target)];
    return from !== undefined && to !== undefined && from !== to && target !== 'electron/web/serve.ts';
  });
  expect(show(found)).toEqual([]);
});

it('only the desktop host imports electron', () => {
  const allowed = /^electron\/(desktop\/|main\.ts$|preload\.ts$)/;
  const found = imports.filter(({ target }) => target === 'electron');
  expect(show(found.filter(({ file }) => !allowed.test(file)))).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
});

it('files are named in kebab-case and by what they are', () => {
  const banned = new Set(['utils', 'helpers', 'misc', 'data', 'manager']);
  const odd = files.filter((file) => {
    const name = posix.basename(file).replace(/\.(test|module|d)?\.?tsx?$/, '');
    return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || banned.has(name);
  });
  expect(odd).toEqual([]);
});

it('no file is longer than a reader can hold', async () => {
  const long: string[] = [];
  for (const file of files.filter((one) => !isTest(one))) {
    const lines = (await readFile(join(ROOT, file), 'utf8')).split('\n').length - 1;
    if (lines > 400) long.push(`${file}: ${lines} lines`);
  }
  expect(long).toEqual([]);
});
