import { delimiter, join } from 'node:path';
import { AppError, type ErrorCode } from '#shared/errors/app-error.ts';
import { isExecutable } from '../../platform/is-executable.ts';
import { normalizeKey, readAuthFile } from './auth-entries.ts';
import { type AuthFilePlace, readAuthDocument } from './auth-files.ts';
import type { CredentialLookup, MissingHelper } from './credential.ts';
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
function missingHelperWords({ program }: MissingHelper, registry: string): string {
  return `The credential helper ${program}, which is to know the sign-in for ${registry}, is not installed.`;
}

/** What to do about it, as a sentence. */
export function missingHelperMend({ key, path }: MissingHelper): string {
  return `Install it, or take it out of ${key} in ${path} and sign in again.`;
}

/** A refusal that a sign-in might have averted, with the helper for want of which there was none. */
export function withHelperWords<
  W extends { readonly code: ErrorCode; readonly message: string; readonly hint: string },
>(words: W, helper: MissingHelper | undefined, registry: string): W {
  const isRefused = words.code === 'unauthorized' || words.code === 'forbidden';
  const isHidden = words.code === 'not-found' || words.code === 'rate-limited';
  if (helper === undefined || !(isRefused || isHidden)) return words;
  const mend = missingHelperMend(helper);
  const message = `${words.message} ${missingHelperWords(helper, registry)}`;
  return { ...words, message, hint: isRefused ? mend : `${words.hint} ${mend}` };
}

/** Throws an error on, a refusal by an engine that was given the sign-ins of `lookup` with those words. */
export function rethrowWithHelper(
  lookup: CredentialLookup,
  registry: string,
): (error: unknown) => Promise<never> {
  return async (error) => {
    if (!(error instanceof AppError) || (error.code !== 'unauthorized' && error.code !== 'forbidden'))
      throw error;
    const helper = (await lookup.missingHelper?.(registry)) ?? undefined;
    const isTold = helper === undefined || error.message.includes(helper.program);
    if (isTold || (await lookup.find(registry)) !== null) throw error;
    const { code, message, hint = '', detail } = error;
    const words = withHelperWords({ code, message, hint }, helper, registry);
    throw new AppError(code, words.message, { hint: words.hint, detail, cause: error });
  };
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
