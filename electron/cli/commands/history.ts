import { formatAge } from '#shared/format/age.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';
import { viewImage } from '../viewed-image.ts';

/** `strata history REF`. */
export const history: Command = {
  usage: 'history REF',
  summary: 'Shows how an image was made, newest step first.',
  help: [['REF', 'A name, a digest, an image ID or the beginning of one; or a path: ./web.tar, ./layout']],
  options: {},
  arity: [1, 1],
  run: async ({ positionals }, { output, env, cwd, signal }) => {
    const core = await openCore(env);
    const { images, ref } = await viewImage(core, positionals[0] ?? '', cwd);
    const image = await images.get(ref, signal);
    const entries = image.history.toReversed();
    for (const entry of entries) output.event({ type: 'history', ...entry });
    const rows = entries.map((entry) => [
      entry.createdAt === null ? '–' : formatAge(entry.createdAt, Date.now()),
      entry.layer === null ? '–' : formatBytes(entry.size),
      entry.createdBy,
    ]);
    for (const line of formatTable(['BUILT', 'SIZE', 'INSTRUCTION'], rows, new Set([1]))) output.line(line);
    return undefined;
  },
};
