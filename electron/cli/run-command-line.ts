import { inspect, parseArgs } from 'node:util';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import { appVersion } from '../platform/app-root.ts';
import type { Command, CommandContext, CommandInput } from './command.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, mainHelp } from './help.ts';
import { createOutput } from './output.ts';

/** Exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2, cancelled: 130 } as const;

/** Runs one command line (without node and script) and tells the exit code. Never throws. */
export async function runCommandLine(
  argv: readonly string[],
  context: Omit<CommandContext, 'output'>,
): Promise<number> {
  const [name, ...words] = argv;
  const json = words.includes('--json');
  const output = createOutput(json, process);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(await mainHelp(words[0]));
    return EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${appVersion()}\n`);
    return EXIT.done;
  }
  const load = COMMANDS[name]?.load;
  if (load === undefined) {
    output.fail(
      new AppError('invalid-input', `There is no command "${name}".`, {
        hint: 'See what there is with: strata --help',
      }),
    );
    return EXIT.wrongUse;
  }
  const command = await load();
  if (words.includes('--help') || words.includes('-h')) {
    process.stdout.write(commandHelp(command));
    return EXIT.done;
  }
  return runCommand(command, words, { ...context, output });
}

/** Runs one command with its words and tells the exit code; what goes wrong is told on its output. Never throws. */
export async function runCommand(
  command: Command,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  let input: CommandInput;
  try {
    input = parseWords(command, words);
  } catch (error) {
    output.fail(
      new AppError('invalid-input', error instanceof Error ? error.message : String(error), {
        hint: `Usage: strata ${command.usage}`,
      }),
    );
    return EXIT.wrongUse;
  }
  try {
    return (await command.run(input, context)) ?? EXIT.done;
  } catch (error) {
    if (context.env.STRATA_DEBUG) output.note(inspect(error));
    const view = toErrorView(error);
    const shown =
      error instanceof AppError ? error : new AppError(view.code, view.message, { hint: view.hint });
    if (!(output.json && isReported(error))) output.fail(shown);
    if (isCancelled(error)) return EXIT.cancelled;
    return shown.code === 'invalid-input' ? EXIT.wrongUse : EXIT.failed;
  }
}

/** A build has told its failure in its `finished` event already. */
function isReported(error: unknown): boolean {
  return error instanceof Error && 'reported' in error;
}

/** The words as the command takes them. Throws with what is wrong with them. */
export function parseWords(command: Command, words: readonly string[]): CommandInput {
  const { positionals, values } = parseArgs({
    args: [...words],
    options: { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [fewest, most] = command.arity;
  if (positionals.length < fewest) throw new Error('An argument is missing.');
  if (positionals.length > most) throw new Error(`"${positionals[most]}" is one argument too many.`);
  return { positionals, values };
}
