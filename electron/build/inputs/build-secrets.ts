import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BuildSecret } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { isMissing } from '../../platform/file-errors.ts';

/** As large as a secret may be, in bytes: the limit of BuildKit. */
const MAX_SECRET = 500 * 1024;

/** Reads secrets by id; null for one that the build was not given. Values are kept nowhere. */
export interface BuildSecrets {
  /** Throws `not-found` for a file that is missing, `invalid-input` for one that is too large. */
  read(id: string): Promise<Uint8Array | null>;
}

/** The secrets of a build; relative files are below `folder`. Of two with one id the later counts. */
export function createBuildSecrets(
  given: readonly BuildSecret[],
  folder: string,
  env: NodeJS.ProcessEnv,
): BuildSecrets {
  const sources = new Map(given.map((secret) => [secret.id, secret]));
  return {
    read: async (id) => {
      const source = sources.get(id);
      if (source === undefined) return null;
      if (source.file !== undefined) return readSecretFile(id, resolve(folder, source.file));
      const value = env[source.env ?? id];
      return value === undefined ? null : Buffer.from(value);
    },
  };
}

async function readSecretFile(id: string, path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_SECRET) return await readFile(path);
  } catch (error) {
    throw new AppError(
      isMissing(error) ? 'not-found' : 'permission',
      `The secret "${id}" cannot be read from ${path}.`,
      {
        hint: 'Check the path of the secret in the build options.',
        detail: { kind: 'path', path },
        cause: error,
      },
    );
  }
  throw new AppError('invalid-input', `The secret "${id}" in ${path} is larger than ${MAX_SECRET} bytes.`, {
    hint: 'Mount large files with --mount=type=bind instead.',
  });
}
