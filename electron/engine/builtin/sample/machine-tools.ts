import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The shell and the core tools that the sample's base image holds, where the machine has them. */
const TOOLS = [
  'sh',
  'cat',
  'cp',
  'date',
  'echo',
  'env',
  'grep',
  'head',
  'id',
  'ls',
  'mkdir',
  'mv',
  'printf',
  'rm',
  'sed',
  'sleep',
  'sort',
  'tail',
  'test',
  'touch',
  'tr',
  'true',
  'uname',
  'wc',
];

const FOLDERS = ['/usr/bin', '/bin'];

/** A file of the machine and where it goes in the image. */
export interface MachineFile {
  readonly source: string;
  /** Clean path in the image. */
  readonly target: string;
}

/**
 * The machine's own shell and tools with the libraries they load, each at the place where the loader looks for it.
 * Null when there is no shell.
 */
export async function findMachineTools(): Promise<MachineFile[] | null> {
  const files = new Map<string, string>();
  for (const tool of TOOLS) {
    const path = await findTool(tool);
    if (path === null) continue;
    files.set(`bin/${tool}`, path);
    for (const library of await librariesOf(path)) files.set(library.slice(1), await realpath(library));
  }
  if (!files.has('bin/sh')) return null;
  return [...files]
    .map(([target, source]) => ({ target, source }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

async function findTool(name: string): Promise<string | null> {
  for (const folder of FOLDERS) {
    const path = join(folder, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return realpath(path);
  }
  return null;
}

/** What `ldd` lists: shared libraries and the loader itself; nothing for a static program. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program], { env: { PATH: process.env.PATH, LC_ALL: 'C' } }).catch(
    () => ({ stdout: '' }),
  );
  return stdout.split('\n').flatMap((line) => {
    const path = /(?:=>\s+|^\s+)(\/\S+)/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
}
