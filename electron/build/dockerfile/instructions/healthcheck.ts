import type { HealthcheckInstruction } from '../ast.ts';
import { parseGoDuration } from '../go-duration.ts';
import { cutWord, trimLeft } from '../words.ts';
import { commandForm, flagsOf, type InstructionRequest, invalid } from './request.ts';

const MINIMUM_NANOSECONDS = 1e6;

/** `HEALTHCHECK NONE` or `HEALTHCHECK [flags] CMD COMMAND`. */
export function parseHealthcheck(request: InstructionRequest): HealthcheckInstruction {
  const { word, rest } = cutWord(request.rest);
  const type = word.toUpperCase();
  const base = { keyword: 'HEALTHCHECK', ...request.base } as const;
  if (type === 'NONE') {
    if (rest !== '') throw invalid(request, 'HEALTHCHECK NONE takes nothing more.', `Remove "${rest}".`);
    return { ...base, check: null };
  }
  if (type !== 'CMD') {
    const message = word === '' ? 'HEALTHCHECK has no command.' : `HEALTHCHECK does not know "${word}".`;
    throw invalid(request, message, 'Write HEALTHCHECK CMD COMMAND, or HEALTHCHECK NONE.');
  }
  const flags = flagsOf(request, {
    interval: 'text',
    timeout: 'text',
    'start-period': 'text',
    'start-interval': 'text',
    retries: 'text',
  });
  const command = commandForm(request, trimLeft(rest));
  const isEmpty = command.form === 'exec' ? command.args.length === 0 : command.text === '';
  if (isEmpty) throw invalid(request, 'HEALTHCHECK CMD has no command.', 'Write HEALTHCHECK CMD COMMAND.');
  return {
    ...base,
    check: {
      command,
      interval: duration(request, 'interval', flags.interval),
      timeout: duration(request, 'timeout', flags.timeout),
      startPeriod: duration(request, 'start-period', flags['start-period']),
      startInterval: duration(request, 'start-interval', flags['start-interval']),
      retries: retries(request, flags.retries),
    },
  };
}

function duration(request: InstructionRequest, flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const nanoseconds = parseGoDuration(text);
  const isValid = nanoseconds === 0 || (nanoseconds !== null && nanoseconds >= MINIMUM_NANOSECONDS);
  if (isValid) return nanoseconds;
  const why = nanoseconds === null ? 'is not a duration' : 'is shorter than 1ms';
  throw invalid(request, `--${flag}=${text} ${why}.`, 'Write it like 30s, 1m30s or 500ms; 0 is the default.');
}

function retries(request: InstructionRequest, text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = /^\+?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (count <= 0x7fff_ffff) return count;
  throw invalid(request, `--retries=${text} is not a count.`, 'Write a whole number, 0 or more.');
}
