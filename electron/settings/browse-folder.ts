import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { BrowsedFiles } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { errnoOf, isMissing } from '../platform/file-errors.ts';
import { isFolder } from '../platform/is-folder.ts';

/** One folder, archive or file in the chooser. */
export interface BrowseEntry {
  readonly name: string;
  readonly path: string;
  readonly hasDockerfile: boolean;
  readonly kind?: 'archive' | 'file' | 'layout';
}

export interface BrowseListing {
  /** Absolute path of the folder that was listed. */
  readonly path: string;
  readonly parent: string | null;
  readonly hasDockerfile: boolean;
  readonly isLayout: boolean;
  readonly entries: BrowseEntry[];
}

const ARCHIVE = /\.(tar|tar\.gz|tgz|tar\.zst)$/i;
const DOCKERFILE = /^(Dockerfile|Containerfile)(\..+)?$/;
/** The file by which an OCI image layout is known. */
const LAYOUT_FILE = 'oci-layout';
const AT_ONCE = 32;

/**
 * The folders in `path` (default: home), by name, hidden ones left out; on demand also tar files, or all files with
 * what is hidden. Throws `not-found` or `permission`.
 */
export async function browseFolder(
  path: string | undefined,
  options: { show: BrowsedFiles },
): Promise<BrowseListing> {
  const folder = resolve(path ?? homedir());
  const found = await readdir(folder, { withFileTypes: true }).catch((error) => refuse(folder, error));
  const entries: BrowseEntry[] = [];
  const visible = found.filter((entry) => options.show === 'all' || !entry.name.startsWith('.'));
  for (let at = 0; at < visible.length; at += AT_ONCE) {
    const part = await Promise.all(
      visible.slice(at, at + AT_ONCE).map(async (entry) => {
        const full = join(folder, entry.name);
        const isDirectory = entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(full)));
        const own = { name: entry.name, path: full };
        if (isDirectory) return { ...own, ...(await lookInto(full)) };
        const kind = entry.isFile() || entry.isSymbolicLink() ? fileKind(entry.name, options.show) : null;
        return kind === null ? null : { ...own, hasDockerfile: false, kind };
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
    isLayout: found.some(({ name }) => name === LAYOUT_FILE),
    entries,
  };
}

/** What a folder is; one that cannot be listed is none of it. */
async function lookInto(folder: string): Promise<Pick<BrowseEntry, 'hasDockerfile' | 'kind'>> {
  const names = await readdir(folder).catch((): string[] => []);
  const hasDockerfile = names.some((name) => DOCKERFILE.test(name));
  return names.includes(LAYOUT_FILE) ? { hasDockerfile, kind: 'layout' } : { hasDockerfile };
}

function fileKind(name: string, show: BrowsedFiles): 'archive' | 'file' | null {
  if (show === 'all') return 'file';
  return show === 'archives' && ARCHIVE.test(name) ? 'archive' : null;
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
