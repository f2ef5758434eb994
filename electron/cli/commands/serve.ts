import { join } from 'node:path';
import { createErrorLog } from '../../platform/error-log.ts';
import { strataHome } from '../../platform/paths.ts';
import { serveUntil } from '../../web/serve.ts';
import { type Command, isSet } from '../command.ts';
import { readPort } from '../read-port.ts';

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
      port: readPort(input),
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
