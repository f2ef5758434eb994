import type { GitState } from '#shared/contract/tags.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { runGit } from '../../build/remote/git-process.ts';

/**
 * Where a folder's git repository stands; null for a folder without one, without a commit, or on a machine without git.
 * Throws `cancelled`.
 */
export async function readGitState(folder: string, signal: AbortSignal): Promise<GitState | null> {
  const ask = async (...args: string[]): Promise<string | null> => {
    try {
      // A program that the repository names to watch its files is not started for this.
      const quiet = ['-c', 'core.fsmonitor=false', ...args];
      return (await runGit(quiet, { cwd: folder, access: {}, signal })).trim();
    } catch (error) {
      if (isCancelled(error) || !(error instanceof AppError)) throw error;
      return null;
    }
  };
  const commit = await ask('rev-parse', '--short=7', 'HEAD');
  if (commit === null || commit === '') return null;
  const [describe, branch, changes] = await Promise.all([
    ask('describe', '--tags', '--abbrev=7'),
    ask('symbolic-ref', '--quiet', '--short', 'HEAD'),
    ask('status', '--porcelain', '--untracked-files=no'),
  ]);
  return { commit, describe, branch, isChanged: changes !== null && changes !== '' };
}
