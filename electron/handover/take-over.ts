import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import type { HostContext } from '../api/host-context.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { textOption } from '../cli/command.ts';
import { build, runBuildCommand } from '../cli/commands/build.ts';
import { createOutput } from '../cli/output.ts';
import { parseWords, runCommand } from '../cli/run-command-line.ts';
import { BUILD_IDENTITY } from './build-identity.ts';
import { FRAME } from './frames.ts';
import { openHostDesk } from './host-desk.ts';
import type { TerminalConnection } from './terminal-connection.ts';
import { differenceOf, ownStanding } from './terminal-place.ts';

const handoverRequest = z.strictObject({
  strata: z.string(),
  words: z.array(z.string()),
  cwd: z
    .string()
    .startsWith('/')
    .or(z.string().regex(/^[A-Za-z]:[\\/]|^\\\\/)),
  env: z.record(z.string(), z.string()),
  standing: z.string(),
  /** Whether it only wants to know. */
  asks: z.literal(true).optional(),
});
type HandoverRequest = z.infer<typeof handoverRequest>;

/** What the host that takes builds over says of itself. */
export interface TakingHost {
  readonly env: NodeJS.ProcessEnv;
  isClosing(): boolean;
}

/** Answers one terminal: builds for it, or leaves the build to it. Never throws. */
export async function takeOver(
  context: HostContext,
  host: TakingHost,
  terminal: TerminalConnection,
): Promise<void> {
  const line = await terminal.readRequest();
  const request = line === null ? null : readRequest(line);
  if (request === null) return terminal.close();
  // A terminal that did not get an answer in time builds by itself: its end is there together with its request. Newer
  // Nodes read it only when they look at the socket once more, which is between one turn of the loop and the next.
  for (let turn = 0; turn < 2; turn += 1) await setImmediate();
  if (terminal.signal.aborted) return terminal.close();
  const difference = whyNotHere(request, host);
  if (difference !== null) context.terminals.lastRefusal = difference;
  const refusal = difference ?? whyNotThis(request.words);
  if (refusal !== null) return terminal.decline(refusal);
  terminal.send(FRAME.taken, '');
  if (request.asks === true) return terminal.end(0);
  const { words, env, cwd } = request;
  const room = () => terminal.room();
  const { isClosing } = host;
  const command: Command = {
    ...build,
    run: (input, at) =>
      runBuildCommand(input, at, async () => openHostDesk(context, { env, room, isClosing })),
  };
  const output = createOutput(words.includes('--json'), {
    stdout: { write: (text) => terminal.send(FRAME.output, text) },
    stderr: { write: (text) => terminal.send(FRAME.complaint, text) },
  });
  const code = await runCommand(command, words, {
    output,
    signal: terminal.signal,
    env,
    cwd,
    readInput: () => Promise.reject(noInput()),
    openInput: () => {
      throw noInput();
    },
  });
  await terminal.end(code);
}

function readRequest(line: string): HandoverRequest | null {
  try {
    return handoverRequest.parse(JSON.parse(line));
  } catch {
    // Neither a terminal of this version nor of another: there is nobody to tell.
    return null;
  }
}

/** Why builds of this terminal are not done here, null when they are. */
function whyNotHere({ strata, env, standing }: HandoverRequest, host: TakingHost): string | null {
  if (host.isClosing()) return 'it is closing';
  if (strata !== BUILD_IDENTITY) return 'it is another version of Strata';
  return differenceOf({ env, standing }, { env: host.env, standing: ownStanding() });
}

/** Why this build is not done here. */
function whyNotThis(words: readonly string[]): string | null {
  let input: CommandInput;
  try {
    input = parseWords(build, words);
  } catch {
    return null;
  }
  if ((textOption(input, 'engine') ?? 'builtin') !== 'builtin') return 'another engine';
  const usesInput = input.positionals[0] === '-' || textOption(input, 'file') === '-';
  return usesInput ? 'the build reads standard input' : null;
}

function noInput(): AppError {
  return new AppError('internal', 'A build that was handed over has no standard input.');
}
