import { createInterface } from 'node:readline/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { signIn } from '../../registry/credentials/sign-in.ts';
import { type Command, type CommandContext, type CommandInput, isSet, textOption } from '../command.ts';
import { openCore } from '../core.ts';
import { readHidden } from '../read-hidden.ts';

/** `strata login HOST`. */
export const login: Command = {
  usage: 'login HOST [-u USER] [--password-stdin]',
  summary: 'Signs in to a registry. The registry is asked first; a wrong password is not kept.',
  help: [
    ['-u, --username USER', 'Who signs in'],
    ['--password-stdin', 'Read the password or token from standard input'],
  ],
  options: { username: { type: 'string', short: 'u' }, 'password-stdin': { type: 'boolean' } },
  arity: [1, 1],
  run: async (input, context) => {
    const host = input.positionals[0] ?? '';
    const { username, password } = await readAccount(input, context);
    const core = await openCore(context.env);
    const account = await signIn(await core.registries(), { host, username, password }, context.signal);
    context.output.event({
      type: 'finished',
      ok: true,
      host: account.host,
      username: account.username,
      source: account.source,
      warning: account.warning,
    });
    context.output.line(
      `Signed in to ${account.host} as ${account.username ?? username}. Kept in: ${account.source}.`,
    );
    if (account.warning !== null) context.output.note(account.warning);
    return undefined;
  },
};

async function readAccount(
  input: CommandInput,
  context: CommandContext,
): Promise<{ username: string; password: string }> {
  const given = textOption(input, 'username');
  if (isSet(input, 'password-stdin')) {
    if (given === undefined)
      throw new AppError('invalid-input', 'With --password-stdin the user must be given.', {
        hint: 'Add -u USER.',
      });
    return { username: given, password: (await context.readInput()).replace(/\r?\n$/, '') };
  }
  if (!process.stdin.isTTY) {
    throw new AppError('invalid-input', 'There is no terminal to ask for the password.', {
      hint: 'Pipe it in and add --password-stdin.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const username = given ?? (await terminal.question('User: ', { signal: context.signal }));
  terminal.close();
  return { username, password: await readHidden('Password or token: ', context.signal) };
}
