import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { isMissing } from '../platform/file-errors.ts';
import { linkReaderOf, resolveInRoot } from './context/resolve-in-root.ts';
import type { ContextPlace } from './context-place.ts';

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
      await refusePipe(path);
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

/** What {@link readBuildDockerfile} reads of a request. */
export interface DockerfileOrder {
  /** As people know it: a folder, an address, or `-`. */
  readonly contextPath: string;
  readonly options: { readonly dockerfile?: string | undefined };
  readonly place?: ContextPlace | undefined;
}

/**
 * The Dockerfile of a build wherever its context lies; its path is the one to show, and the same in the next build.
 * Throws as {@link loadDockerfile} does.
 */
export async function readBuildDockerfile(order: DockerfileOrder): Promise<DockerfileText> {
  const { contextPath, place, options } = order;
  if (place?.dockerfile !== undefined) return place.dockerfile;
  if (place === undefined || !place.isFetched) return loadDockerfile(contextPath, options.dockerfile);
  if (options.dockerfile !== undefined && isAbsolute(options.dockerfile))
    return loadDockerfile(place.folder, options.dockerfile);
  const names = options.dockerfile ? [options.dockerfile] : ['Dockerfile', 'dockerfile'];
  for (const name of names) {
    // Links of a foreign context lead nowhere else.
    const within = resolveInRoot(name, linkReaderOf(place.folder)).path;
    const bytes = await readFile(join(place.folder, within)).catch((error) => {
      if (isMissing(error)) return null;
      throw unreadable(name, error);
    });
    if (bytes !== null) return { path: `${contextPath}/${name}`, text: bytes.toString('utf8') };
  }
  throw new AppError('not-found', `There is no ${names[0]} in ${contextPath}.`, {
    hint: 'Name the file with -f, or a folder behind the reference: https://example.com/repo.git#main:folder.',
    detail: { kind: 'path', path: names[0] ?? '' },
  });
}

/** A pipe of a folder is waited for without an end; those of a shell, `-f <(…)`, are below /dev. */
async function refusePipe(path: string): Promise<void> {
  const info = await stat(path);
  if (info.isFIFO() && !/^\/(?:dev\/fd|dev\/stdin|proc)\b/.test(path)) throw new Error(`${path} is a pipe.`);
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
