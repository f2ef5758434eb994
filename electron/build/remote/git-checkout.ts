import { access as lookFor, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { processIdentity } from '../../platform/process-identity.ts';
import type { ContextEntry } from '../context/context-entry.ts';
import { linkReaderOf, resolveInRoot } from '../context/resolve-in-root.ts';
import type { EntryAttributes } from '../context-place.ts';
import { type GitAccess, type GitRun, runGit } from './git-process.ts';
import type { GitAddress } from './remote-address.ts';

/** Files of a commit on this machine. */
export interface GitCheckout {
  /** Absolute path of the folder that was asked for. */
  readonly folder: string;
  /** When it was committed, in seconds since the epoch. */
  readonly mtime: number;
  remove(): Promise<void>;
}

export interface GitOptions {
  readonly access: GitAccess;
  readonly signal: AbortSignal;
  /** An existing folder for temporary files. */
  readonly scratchFolder: string;
}

/** Whether a reference is a full commit: it names the same files for ever. */
export function isCommit(ref: string | null): ref is string {
  return ref !== null && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(ref);
}

/** The commit that an address names now: of a branch before a tag of the same name. Throws `not-found`. */
export async function findCommit(address: GitAddress, options: GitOptions): Promise<string> {
  const { ref, remote } = address;
  if (isCommit(ref)) return ref;
  const run = { cwd: options.scratchFolder, access: options.access, signal: options.signal };
  const name = ref ?? 'HEAD';
  const output = await runGit(['ls-remote', '--', remote, name, `${name}^{}`], run);
  const refs = new Map(
    output.split('\n').map((line) => [line.slice(line.indexOf('\t') + 1), line.split('\t')[0] ?? '']),
  );
  const short = name.replace(/^refs\//, '');
  const wanted = [
    name,
    `refs/heads/${short}`,
    `refs/tags/${short}^{}`,
    `refs/tags/${short}`,
    `refs/${short}^{}`,
    `refs/${short}`,
  ];
  for (const candidate of wanted) {
    const commit = refs.get(`${candidate}^{}`) ?? refs.get(candidate);
    if (commit !== undefined) return commit;
  }
  throw new AppError('not-found', `${remote} has no branch or tag "${name}".`, {
    hint: 'Check the spelling; a commit must be written with all its digits.',
  });
}

/** Fetches a commit without its history and lays out its files. Throws `not-found`, `cancelled`. */
export async function checkOut(
  address: GitAddress,
  commit: string,
  keepGitDir: boolean,
  options: GitOptions,
): Promise<GitCheckout> {
  const top = await mkdtemp(join(options.scratchFolder, `run.${processIdentity()}.git-`));
  const remove = () => rm(top, { recursive: true, force: true });
  const run: GitRun = { cwd: top, access: options.access, signal: options.signal };
  try {
    await runGit(['init', '--quiet', '--template=', '.'], run);
    await runGit(['remote', 'add', 'origin', '--', address.remote], run);
    await fetchCommit(address, commit, run);
    await runGit(['checkout', '--quiet', '--detach', commit], run);
    const mtime = Number(await runGit(['log', '-1', '--format=%ct'], run)) || 0;
    if (address.submodules && (await isThere(join(top, '.gitmodules'))))
      await runGit(['submodule', '--quiet', 'update', '--init', '--recursive', '--depth=1'], run);
    if (keepGitDir) await tidyGitDir(top, address, run);
    else await removeGitDirs(top);
    return { folder: await folderWithin(top, address), mtime, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * What git knows of a file: whether it may be run, and nothing of its owner. `mtime` is that of the commit, since a
 * checkout has the time and the umask of whoever made it.
 */
export function committedAttributes(mtime: number): (entry: ContextEntry) => EntryAttributes {
  return ({ type, mode }) => {
    const plain = type === 'file' && (mode & 0o100) === 0 ? 0o644 : 0o755;
    return { mode: type === 'symlink' ? mode : plain, uid: 0, gid: 0, mtime };
  };
}

/** The commit alone where the server gives it, else its branch or tag, else everything. */
async function fetchCommit({ ref }: GitAddress, commit: string, run: GitRun): Promise<void> {
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  const attempts = [
    ['--depth=1', 'origin', commit],
    ...(ref === null || isCommit(ref) ? [] : [['--depth=1', 'origin', ref]]),
    ['origin', '+refs/*:refs/remotes/origin/*'],
  ];
  let failure: unknown;
  for (const attempt of attempts) {
    try {
      await runGit([...fetch, ...attempt], run);
      await runGit(['cat-file', '-e', `${commit}^{commit}`], run);
      return;
    } catch (error) {
      run.signal.throwIfAborted();
      failure ??= error;
    }
  }
  throw failure;
}

/** Leaves a repository as a fresh clone has it: no trace of how it was fetched, no password. */
async function tidyGitDir(top: string, { remote }: GitAddress, run: GitRun): Promise<void> {
  await runGit(['remote', 'set-url', 'origin', '--', remote.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1')], run);
  await runGit(['reflog', 'expire', '--all', '--expire=now'], run);
  await rm(join(top, '.git', 'FETCH_HEAD'), { force: true });
}

async function removeGitDirs(top: string): Promise<void> {
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.name === '.git' && !entry.parentPath.includes(`${top}/.git`));
  await Promise.all(
    found.map((entry) => rm(join(entry.parentPath, '.git'), { recursive: true, force: true })),
  );
}

/** The folder asked for, links followed inside the repository only. */
async function folderWithin(top: string, { subdir, remote }: GitAddress): Promise<string> {
  const folder = join(top, resolveInRoot(subdir, linkReaderOf(top)).path);
  if ((await readdir(folder).catch(() => null)) !== null) return folder;
  throw new AppError('not-found', `${remote} has no folder "${subdir}".`);
}

function isThere(path: string): Promise<boolean> {
  return lookFor(path).then(
    () => true,
    () => false,
  );
}
