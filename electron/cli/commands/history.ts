import { formatAge } from '#shared/format/age.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { catalogOf } from '../catalog.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';

/** `strata history REF`. */
export const history: Command = {
  usage: 'history REF',
  summary: 'Shows how an image was made, newest step first.',
  help: [],
  options: {},
  arity: [1, 1],
  run: async ({ positionals }, { output, env }) => {
    const core = await openCore(env);
    const image = await catalogOf(core).get(positionals[0] ?? '');
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
