import { type Command, textOption } from '../command.ts';
import { openExchange } from '../exchange.ts';
import { engineName } from './send.ts';

/** `strata take IMAGE --from docker|podman`. */
export const take: Command = {
  usage: 'take IMAGE --from docker|podman [--as NAME] [--platform P]',
  summary: 'Takes an image out of Docker or Podman into the store; its image ID stays the same.',
  help: [
    ['--from ENGINE', 'docker or podman'],
    ['--as NAME', 'What it is called here; its own name by default'],
    ['--platform P', 'Which platform, where the engine holds several: linux/arm64'],
  ],
  options: { from: { type: 'string' }, as: { type: 'string' }, platform: { type: 'string' } },
  arity: [1, 1],
  run: async (input, { output, env, signal }) => {
    const [ref = ''] = input.positionals;
    const { store, engine, close } = await openExchange(engineName(input, 'from'), env);
    try {
      const { takeImage } = await import('../../engine/exchange-images.ts');
      const wanted = { ref, name: textOption(input, 'as'), platform: textOption(input, 'platform') };
      const taken = await takeImage(store, engine, wanted, { signal, onProgress: () => undefined });
      output.event({ type: 'finished', ok: true, engine: engine.id, ...taken });
      const name = taken.references[0] ?? 'The image';
      output.line(`${name} ${taken.wasHere ? 'was in the store already' : 'is in the store'}`);
      output.line(`  image ID ${taken.imageId}\n  digest   ${taken.digest}`);
      if (taken.repacked)
        output.line(
          `  ${engine.name} gave its layers unpacked: they were compressed here and may have other digests at a registry.`,
        );
    } finally {
      await close();
    }
    return undefined;
  },
};
