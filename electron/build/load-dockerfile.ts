import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { isMissing } from '../platform/file-errors.ts';

/** The Dockerfile of a build: its path and text. */
export interface DockerfileText {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the Dockerfile of a context folder: `name` relative to the folder or absolute, by default `Dockerfile`, else
 * `dockerfile`. Throws `not-found` for a missing context or Dockerfile.
 */
export async function loadDockerfile(contextPath: string, name: string | undefined): Promise<DockerfileText> {
  const names = name === undefined || name === '' ? ['Dockerfile', 'dockerfile'] : [name];
  for (const candidate of names) {
    const path = isAbsolute(candidate) ? candidate : join(resolve(contextPath), candidate);
    try {
      return { path, text: await readFile(path, 'utf8') };
    } catch (error) {
      if (!isMissing(error)) throw unreadable(path, error);
    }
  }
  await requireFolder(contextPath);
  const path = join(resolve(contextPath), names[0] ?? 'Dockerfile');
  throw new AppError('not-found', `There is no ${names[0]} in ${contextPath}.`, {
    hint: 'Write one, choose another folder, or name the file with -f (in the app: Options, Dockerfile).',
    detail: { kind: 'path', path },
  });
}

async function requireFolder(path: string): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) return;
  const message = info === null ? `There is no folder ${path}.` : `${path} is not a folder.`;
  throw new AppError('not-found', message, {
    hint: 'Check the path of the folder to build.',
    detail: { kind: 'path', path },
  });
}

function unreadable(path: string, cause: unknown): AppError {
  return new AppError('permission', `${path} cannot be read.`, {
    hint: 'Check that it is a file and that you may read it.',
    detail: { kind: 'path', path },
    cause,
  });
}
