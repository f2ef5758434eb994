import { resolve } from 'node:path';
import { createArchives } from '../../engine/builtin/archives.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata load PATH`. */
export const load: Command = {
  usage: 'load PATH',
  summary:
    'Reads the images of a file or folder into the store: an OCI image layout or what "docker save" writes; a tar also as gzip or zstd.',
  help: [],
  options: {},
  arity: [1, 1],
  run: async ({ positionals: [file = ''] }, { output, env, cwd, signal }) => {
    const core = await openCore(env);
    const loaded = await createArchives(core.store).load(resolve(cwd, file), {
      signal,
      onProgress: () => undefined,
    });
    output.event({ type: 'finished', ok: true, ...loaded });
    output.line(`Loaded ${loaded.references.join(', ') || 'an image without a name'}\n  ${loaded.digest}`);
    return undefined;
  },
};
