import { signOut } from '../../registry/credentials/sign-in.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata logout HOST`. */
export const logout: Command = {
  usage: 'logout HOST',
  summary: 'Signs out of a registry.',
  help: [],
  options: {},
  arity: [1, 1],
  run: async ({ positionals: [host = ''] }, { output, env, signal }) => {
    const core = await openCore(env);
    await signOut(await core.registries(), host, signal);
    output.event({ type: 'finished', ok: true, host });
    output.line(`Signed out of ${host}.`);
    return undefined;
  },
};
