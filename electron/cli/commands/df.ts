import { formatBytes } from '#shared/format/bytes.ts';
import { createStorage } from '../../engine/builtin/storage.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';

/** `strata df`. */
export const df: Command = {
  usage: 'df',
  summary: 'Shows what uses the disk and what a clean-up would free.',
  help: [],
  options: {},
  arity: [0, 0],
  run: async (_input, { output, env, signal }) => {
    const usage = await createStorage((await openCore(env)).services).usage(signal);
    output.event({ type: 'usage', ...usage });
    const rows = usage.parts.map((part) => [part.title, String(part.count), formatBytes(part.bytes)]);
    for (const line of formatTable(['WHAT', 'FILES', 'SIZE'], rows, new Set([1, 2]))) output.line(line);
    output.line(
      `\n${formatBytes(usage.totalBytes)} in ${usage.path}; "strata prune" would free ${formatBytes(usage.reclaimable.bytes)}.`,
    );
    return undefined;
  },
};
