import { formatBytes } from '#shared/format/bytes.ts';
import { createStorage } from '../../engine/builtin/storage.ts';
import { type Command, isSet } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata prune`. */
export const prune: Command = {
  usage: 'prune [--dry-run]',
  summary: 'Removes images without a name, cached results that no image uses, and unfinished downloads.',
  help: [['--dry-run', 'Only tell what would be removed']],
  options: { 'dry-run': { type: 'boolean' } },
  arity: [0, 0],
  run: async (input, { output, env, signal }) => {
    const storage = createStorage((await openCore(env)).services);
    const { reclaimable } = await storage.usage(signal);
    for (const item of reclaimable.items) {
      output.event({ type: 'reclaimable', ...item });
      output.line(`${item.title}${item.bytes > 0 ? `, ${formatBytes(item.bytes)}` : ''}: ${item.detail}`);
    }
    if (isSet(input, 'dry-run')) {
      output.event({ type: 'finished', ok: true, wouldFreeBytes: reclaimable.bytes });
      output.line(`A clean-up would free ${formatBytes(reclaimable.bytes)}.`);
      return undefined;
    }
    const { freedBytes } = await storage.prune({ signal, onProgress: () => undefined });
    output.event({ type: 'finished', ok: true, freedBytes });
    output.line(`Freed ${formatBytes(freedBytes)}.`);
    return undefined;
  },
};
