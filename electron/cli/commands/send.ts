import { AppError } from '#shared/errors/app-error.ts';
import { runCommand } from '../../operations/start-exchange.ts';
import { type Command, type CommandInput, textOption } from '../command.ts';
import { openExchange } from '../exchange.ts';

/** `strata send IMAGE --to docker|podman`. */
export const send: Command = {
  usage: 'send IMAGE --to docker|podman [--as NAME]',
  summary: 'Sends an image of the store to Docker or Podman; its image ID stays the same.',
  help: [
    ['--to ENGINE', 'docker or podman'],
    ['--as NAME', 'What it is called there; its own name by default'],
  ],
  options: { to: { type: 'string' }, as: { type: 'string' } },
  arity: [1, 1],
  run: async (input, { output, env, signal }) => {
    const [ref = ''] = input.positionals;
    const { store, engine, close } = await openExchange(engineName(input, 'to'), env);
    try {
      const { sendImage } = await import('../../engine/exchange-images.ts');
      const name = textOption(input, 'as');
      const sent = await sendImage(store, engine, { ref, name }, { signal, onProgress: () => undefined });
      const run = runCommand(engine.id, sent.reference);
      output.event({ type: 'finished', ok: true, engine: engine.id, ...sent, run });
      const what = sent.wasThere ? `was in ${engine.name} already` : `is in ${engine.name}`;
      output.line(`${sent.reference} ${what}\n  image ID ${sent.imageId}\n  ${run}`);
    } finally {
      await close();
    }
    return undefined;
  },
};

/** The engine that an option names. Throws `invalid-input`. */
export function engineName(input: CommandInput, option: string): 'docker' | 'podman' {
  const name = textOption(input, option);
  if (name === 'docker' || name === 'podman') return name;
  const what =
    name === undefined ? 'Which engine is missing.' : `There is no engine "${name}" to choose here.`;
  throw new AppError('invalid-input', what, { hint: `Write --${option} docker or --${option} podman.` });
}
