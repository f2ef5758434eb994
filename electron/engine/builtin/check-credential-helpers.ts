import { homedir } from 'node:os';
import type { Diagnostic } from '#shared/contract/settings.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { authFilePlaces } from '../../registry/credentials/auth-files.ts';
import {
  missingHelperMend,
  type NamedHelper,
  namedHelpers,
} from '../../registry/credentials/missing-helpers.ts';

/** Whether the credential helpers are there that Docker's and Podman's files name; nothing where they name none. */
export async function checkCredentialHelpers(env: NodeJS.ProcessEnv): Promise<Diagnostic[]> {
  const base = { title: 'Credential helpers', command: null };
  let helpers: readonly NamedHelper[];
  try {
    helpers = await namedHelpers(authFilePlaces(env.HOME ?? homedir(), env), env);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, hint = null } = error;
    return [{ ...base, id: 'credential-helpers', state: 'warning', finding: message, mend: hint }];
  }
  const missing = helpers.filter(({ isInstalled }) => !isInstalled);
  if (missing.length > 0)
    return missing.map((helper, index) => ({
      ...base,
      id: index === 0 ? 'credential-helpers' : `credential-helpers-${index + 1}`,
      state: 'warning',
      finding: `${helper.program} is not installed. ${helper.path} names it for ${registriesOf(helper)}: nobody is signed in there, and what is not public is refused.`,
      mend: missingHelperMend(helper),
    }));
  const programs = [...new Set(helpers.map(({ program }) => program))].join(', ');
  if (programs === '') return [];
  return [{ ...base, id: 'credential-helpers', state: 'ok', finding: `Installed: ${programs}.`, mend: null }];
}

function registriesOf({ registries }: NamedHelper): string {
  return registries.length === 0 ? 'all registries without another' : registries.join(', ');
}
