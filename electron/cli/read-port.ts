import { AppError } from '#shared/errors/app-error.ts';
import { type CommandInput, textOption } from './command.ts';

/** The value of `--port`, undefined when it is not given. Throws `invalid-input`. */
export function readPort(input: CommandInput): number | undefined {
  const text = textOption(input, 'port');
  if (text === undefined) return undefined;
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new AppError('invalid-input', `"${text}" is not a port.`, {
    hint: 'Write a number from 0 to 65535; 0 is any free one.',
  });
}
