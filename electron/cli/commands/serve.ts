import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { createErrorLog } from '../../platform/error-log.ts';
import { strataHome } from '../../platform/paths.ts';
import { serveUntil } from '../../web/serve.ts';
import { type Command, isSet, textOption } from '../command.ts';

/** `strata serve`. */
export const serve: Command = {
  usage: 'serve [--port N] [--no-open]',
  summary: 'Serves the app to a browser on this machine, until Ctrl-C.',
  help: [
    ['--port N', 'Port to listen on (default: a free one)'],
    ['--no-open', 'Print the address and open no browser'],
  ],
  options: { port: { type: 'string' }, 'no-open': { type: 'boolean' } },
  arity: [0, 0],
  run: async (input, { output, env, signal }) => {
    const report = createErrorLog(join(strataHome(env), 'errors.log'), (text) => output.note(text));
    await serveUntil(signal, {
      port: readPort(textOption(input, 'port')),
      open: !isSet(input, 'no-open'),
      report,
      onReady: ({ address }) => {
        output.event({ type: 'serving', address });
        output.line(`Strata is open at ${address}`);
        output.line('The address works once. Ctrl-C ends it.');
      },
    });
    return undefined;
  },
};

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new AppError('invalid-input', `"${text}" is not a port.`, {
    hint: 'Write a number from 0 to 65535; 0 is any free one.',
  });
}
