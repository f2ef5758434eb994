import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readFileIfThere } from '../../platform/atomic-file.ts';
import { contextReadError } from './context-error.ts';

/** The ignore file of a build. */
export interface IgnoreFile {
  /** Absolute path. */
  readonly path: string;
  /** The name to show: `.dockerignore` or `Dockerfile.dockerignore`. */
  readonly name: string;
  readonly text: string;
}

/**
 * The ignore file that counts: `<Dockerfile>.dockerignore` beside the Dockerfile, even when it is empty, else
 * `.dockerignore` at the root of the context, else none. They are never merged.
 */
export async function findIgnoreFile(
  contextRoot: string,
  dockerfilePath: string,
): Promise<IgnoreFile | null> {
  const own = join(dirname(dockerfilePath), `${basename(dockerfilePath)}.dockerignore`);
  return (await readIgnoreFile(own)) ?? (await readIgnoreFile(join(contextRoot, '.dockerignore')));
}

/** What is no file, as a folder or a pipe that would never end, counts as none: so does BuildKit. */
async function readIgnoreFile(path: string): Promise<IgnoreFile | null> {
  try {
    const info = await stat(path).catch(() => null);
    if (info !== null && !info.isFile()) return null;
    const bytes = await readFileIfThere(path);
    return bytes === null ? null : { path, name: basename(path), text: bytes.toString('utf8') };
  } catch (error) {
    throw contextReadError(error, path);
  }
}
