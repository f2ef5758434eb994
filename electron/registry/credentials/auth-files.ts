import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileIfThere, writeFileAtomic } from '#electron/platform/atomic-file.ts';
import { errnoOf, isMissing } from '#electron/platform/file-errors.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { isWireObject, type WireObject } from '#shared/oci/wire.ts';

/** A file that may hold credentials. */
export interface AuthFilePlace {
  readonly path: string;
  /** What the file is, in words. */
  readonly label: string;
  /** `~/.dockercfg` has the entries at its top, without `auths` around them. */
  readonly isLegacy: boolean;
}

/** The files that Docker and Podman read, Docker's own first; it is also the one that is written to. */
export function authFilePlaces(
  home: string,
  environment: NodeJS.ProcessEnv,
): readonly [AuthFilePlace, ...AuthFilePlace[]] {
  const docker = join(environment.DOCKER_CONFIG || join(home, '.docker'), 'config.json');
  const podman = [
    environment.REGISTRY_AUTH_FILE,
    environment.XDG_RUNTIME_DIR && join(environment.XDG_RUNTIME_DIR, 'containers/auth.json'),
    join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'containers/auth.json'),
  ].filter((path): path is string => Boolean(path));
  return [
    { path: docker, label: 'Docker config file', isLegacy: false },
    ...podman.map((path) => ({ path, label: 'Podman auth file', isLegacy: false })),
    { path: join(home, '.dockercfg'), label: 'old Docker config file', isLegacy: true },
  ];
}

/**
 * The document in an auth file, `{}` where there is no file. Throws `malformed` where it is not JSON: it belongs to
 * the user and is neither ignored nor overwritten; `permission` where it may not be read.
 */
export async function readAuthDocument(place: AuthFilePlace): Promise<WireObject> {
  const bytes = await readFileIfThere(place.path).catch((error: unknown) => {
    throw errnoOf(error) === 'EACCES' ? notReadable(place, error) : error;
  });
  if (bytes === null || bytes.toString('utf8').trim() === '') return {};
  try {
    const document = JSON.parse(bytes.toString('utf8')) as unknown;
    if (isWireObject(document))
      return place.isLegacy && !('auths' in document) ? { auths: document } : document;
  } catch {
    // Falls through: both kinds of damage are told in the same words, without the text, which may hold secrets.
  }
  throw new AppError('malformed', `The ${place.label} ${place.path} is not valid JSON.`, {
    hint: 'Correct it with an editor, or move it away.',
    detail: { kind: 'path', path: place.path },
  });
}

function notReadable({ label, path }: AuthFilePlace, cause: unknown): AppError {
  return new AppError('permission', `The ${label} ${path} may not be read by you.`, {
    hint: 'It may belong to root after a command with sudo: give it back with chown, or move it away.',
    detail: { kind: 'path', path },
    cause,
  });
}

/**
 * Changes an auth file: what `change` returns replaces it at once, readable for its owner only, through a symbolic
 * link where it is one. Nothing is written where `change` returns its argument.
 */
export async function changeAuthDocument(
  place: AuthFilePlace,
  change: (document: WireObject) => WireObject,
): Promise<void> {
  const document = await readAuthDocument(place);
  const next = change(document);
  if (next === document) return;
  const content = place.isLegacy ? next.auths : next;
  const path = await realpath(place.path).catch((error: unknown) => {
    if (isMissing(error)) return place.path;
    throw error;
  });
  await writeFileAtomic(path, `${JSON.stringify(content, null, '\t')}\n`, { mode: 0o600 });
}
