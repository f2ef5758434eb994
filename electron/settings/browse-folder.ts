import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { errnoOf, isMissing } from '../platform/file-errors.ts';

/** One folder or archive in the chooser. */
export interface BrowseEntry {
  readonly name: string;
  readonly path: string;
  readonly hasDockerfile: boolean;
  readonly archive?: boolean;
}

export interface BrowseListing {
  /** Absolute path of the folder that was listed. */
  readonly path: string;
  readonly parent: string | null;
  readonly hasDockerfile: boolean;
  readonly entries: BrowseEntry[];
}

const ARCHIVE = /\.(tar|tar\.gz|tgz|tar\.zst)$/i;
const DOCKERFILE = /^(Dockerfile|Containerfile)(\..+)?$/;
const AT_ONCE = 32;

/**
 * The folders in `path` (default: home), by name, hidden ones left out; with `archives` also tar files. Throws
 * `not-found` or `permission`.
 */
export async function browseFolder(
  path: string | undefined,
  options: { archives: boolean },
): Promise<BrowseListing> {
  const folder = resolve(path ?? homedir());
  const found = await readdir(folder, { withFileTypes: true }).catch((error) => refuse(folder, error));
  const entries: BrowseEntry[] = [];
  const visible = found.filter((entry) => !entry.name.startsWith('.'));
  for (let at = 0; at < visible.length; at += AT_ONCE) {
    const part = await Promise.all(
      visible.slice(at, at + AT_ONCE).map(async (entry) => {
        const full = join(folder, entry.name);
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectory(full)));
        if (isFolder) return { name: entry.name, path: full, hasDockerfile: await hasDockerfile(full) };
        if (options.archives && entry.isFile() && ARCHIVE.test(entry.name)) {
          return { name: entry.name, path: full, hasDockerfile: false, archive: true };
        }
        return null;
      }),
    );
    entries.push(...part.filter((entry) => entry !== null));
  }
  entries.sort((a, b) => a.name.localeCompare(b.name));
  const parent = dirname(folder);
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    hasDockerfile: found.some(({ name }) => DOCKERFILE.test(name)),
    entries,
  };
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

async function hasDockerfile(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.some((name) => DOCKERFILE.test(name)),
    () => false,
  );
}

function refuse(path: string, cause: unknown): never {
  const detail = { kind: 'path', path } as const;
  if (isMissing(cause)) {
    throw new AppError('not-found', `There is no folder ${path}.`, {
      hint: 'Choose one that exists.',
      detail,
      cause,
    });
  }
  if (errnoOf(cause) === 'EACCES' || errnoOf(cause) === 'EPERM') {
    throw new AppError('permission', `There is no permission to list ${path}.`, {
      hint: 'Choose another folder, or change its permissions.',
      detail,
      cause,
    });
  }
  throw cause;
}
