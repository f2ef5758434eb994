import { basename, resolve } from 'node:path';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import type { ContextPlace } from '../build/context-place.ts';
import { isRemoteAddress } from '../build/remote/remote-address.ts';
import { isFolder } from '../platform/is-folder.ts';
import type { StorePaths } from '../store/store-paths.ts';
import type { CommandContext } from './command.ts';

/** The context that a command line names, until it is closed. */
export interface OpenContext {
  /** The absolute path of a folder, an address without a password, or `-`. */
  readonly contextPath: string;
  readonly name: string;
  /** Absent for a folder with its own Dockerfile. */
  readonly place?: ContextPlace | undefined;
  close(): Promise<void>;
}

/**
 * Opens what CONTEXT and `-f` stand for, as docker reads them: a folder that is there, `-` for standard input, else an
 * address. What is fetched lies in a temporary folder. Throws what fetching throws.
 */
export async function openContext(
  word: string,
  options: BuildOptions,
  paths: StorePaths,
  command: CommandContext,
): Promise<OpenContext> {
  const folder = resolve(command.cwd, word);
  const isApart = options.dockerfile === '-' || /^https?:\/\//i.test(options.dockerfile ?? '');
  const isFetched = word === '-' || (isAddress(word) && !(await isFolder(folder)));
  if (!isFetched && /^[a-z][a-z0-9+.-]*:\/\//i.test(word) && !(await isFolder(folder)))
    throw unknownScheme(word);
  if (!isFetched && !isApart)
    return { contextPath: folder, name: basename(folder), close: async () => undefined };
  if (isFetched && word !== '-') command.output.note(`Fetching ${hideCredentials(word)} …`);
  // The network and archives are loaded by those alone who need them.
  const { fetchContext } = await import('../build/remote/fetch-context.ts');
  const opened = await fetchContext({
    context: isFetched ? word : folder,
    options,
    input: command.openInput,
    downloadsFolder: paths.cacheDownloads(),
    scratchFolder: paths.scratch(),
    env: command.env,
    signal: command.signal,
  });
  for (const note of opened.notes) command.output.note(note);
  return opened;
}

/**
 * The absolute path of the folder that CONTEXT names, for commands that look at a project here. Throws `invalid-input`
 * for an address, which only a build fetches.
 */
export function projectFolder(word: string | undefined, cwd: string): string {
  if (word === undefined) return cwd;
  if (word !== '-' && !isAddress(word)) return resolve(cwd, word);
  throw new AppError('invalid-input', `${word} is no folder of this machine.`, {
    hint: 'Only build, check and verify take an address or standard input. Clone it, and name the folder.',
  });
}

function unknownScheme(word: string): AppError {
  return new AppError('invalid-input', `${word} is no address that a build can fetch.`, {
    hint: 'There are https://, http://, git://, ssh:// and git@HOST:PATH. What lies on this machine is named by its folder.',
  });
}

function isAddress(word: string): boolean {
  return isRemoteAddress(word) || word.startsWith('github.com/');
}
