import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { normalizeKey, readAuthFile } from './auth-entries.ts';
import { type AuthFilePlace, readAuthDocument } from './auth-files.ts';
import type { MissingHelper } from './credential.ts';
import { helperEnvironment, isHelperName } from './credential-helper.ts';

/** A helper as a file names it, and for whom. */
export interface NamedHelper extends MissingHelper {
  /** Registries, as the file names them; none for `credsStore`, which is for all others. */
  readonly registries: readonly string[];
  readonly isInstalled: boolean;
}

/** The helpers that auth files name, in their order. Throws what reading the files fails with. */
export async function namedHelpers(
  places: readonly AuthFilePlace[],
  environment: NodeJS.ProcessEnv,
): Promise<readonly NamedHelper[]> {
  const found: NamedHelper[] = [];
  for (const { path, helpers, store } of await Promise.all(places.map(readPlace))) {
    const names = [...new Set(Object.values(helpers))];
    const own = names.map((name) => {
      const registries = Object.keys(helpers).filter((key) => helpers[key] === name);
      return { name, key: 'credHelpers' as const, registries };
    });
    const all = store === undefined ? [] : [{ name: store, key: 'credsStore' as const, registries: [] }];
    for (const { name, ...rest } of [...all, ...own])
      found.push({
        ...rest,
        program: `docker-credential-${name}`,
        path,
        isInstalled: isInstalled(name, environment),
      });
  }
  return found;
}

/** The first helper that keeps the credential of a registry (`ghcr.io`, `docker.io`) and is not installed; null for none. */
export async function missingHelperOf(
  registry: string,
  places: readonly AuthFilePlace[],
  environment: NodeJS.ProcessEnv,
): Promise<MissingHelper | null> {
  for (const place of places) {
    const helpers = await namedHelpers([place], environment);
    const own = helpers.find(({ registries }) => registries.some((key) => normalizeKey(key) === registry));
    const helper = own ?? helpers.find(({ key }) => key === 'credsStore');
    if (helper !== undefined && !helper.isInstalled) return helper;
  }
  return null;
}

/** What is wrong, as a sentence. */
export function missingHelperWords({ program }: MissingHelper, registry: string): string {
  return `The credential helper ${program}, which is to know the sign-in for ${registry}, is not installed.`;
}

/** What to do about it, as a sentence. */
export function missingHelperMend({ key, path }: MissingHelper): string {
  return `Install it, or take it out of ${key} in ${path} and sign in again.`;
}

/** What to say where all went well without the sign-in. */
export function missingHelperNotice(helper: MissingHelper, registry: string): string {
  return `It was pulled without a sign-in. ${missingHelperWords(helper, registry)} ${missingHelperMend(helper)}`;
}

async function readPlace(place: AuthFilePlace) {
  return { path: place.path, ...readAuthFile(await readAuthDocument(place)) };
}

/** Looks where it would be started from, without starting it: a keychain might ask its user. */
function isInstalled(name: string, environment: NodeJS.ProcessEnv): boolean {
  if (!isHelperName(name)) return false;
  const isWindows = process.platform === 'win32';
  const { PATH, Path } = helperEnvironment(environment);
  const endings = isWindows ? ['.exe', '.com'] : [''];
  return (PATH ?? Path ?? '')
    .split(delimiter)
    .flatMap((folder) => endings.map((ending) => join(folder, `docker-credential-${name}${ending}`)))
    .some(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
