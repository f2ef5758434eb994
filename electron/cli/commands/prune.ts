import { formatBytes } from '#shared/format/bytes.ts';
import { createStorage } from '../../engine/builtin/storage.ts';
import { type Command, isSet } from '../command.ts';
import { openCore } from '../core.ts';
import { readPrunePolicy } from '../prune-policy.ts';

/** `strata prune`. */
export const prune: Command = {
  usage: 'prune [--dry-run] [--all] [--filter until=24h] [--keep-storage SIZE]',
  summary: 'Removes images without a name, cached results of no recent build, and unfinished downloads.',
  help: [
    ['--dry-run', 'Only tell what would be removed'],
    ['-a, --all', 'The whole build cache that is in no image, also that of recent builds'],
    ['--filter until=24h', 'Keep what builds used within this time (also 7d), and no more'],
    ['--keep-storage SIZE', 'Keep at most so many bytes of cached layers, those used last (default 20 GB)'],
  ],
  options: {
    'dry-run': { type: 'boolean' },
    all: { type: 'boolean', short: 'a' },
    filter: { type: 'string', multiple: true },
    'keep-storage': { type: 'string' },
  },
  arity: [0, 0],
  run: async (input, { output, env, signal }) => {
    const policy = readPrunePolicy(input);
    const storage = createStorage((await openCore(env)).services);
    const { reclaimable } = await storage.usage(signal, policy);
    for (const item of reclaimable.items) {
      output.event({ type: 'reclaimable', ...item });
      output.line(`${item.title}${item.bytes > 0 ? `, ${formatBytes(item.bytes)}` : ''}: ${item.detail}`);
    }
    if (isSet(input, 'dry-run')) {
      output.event({ type: 'finished', ok: true, wouldFreeBytes: reclaimable.bytes });
      output.line(`A clean-up would free ${formatBytes(reclaimable.bytes)}.`);
      return undefined;
    }
    const { freedBytes } = await storage.prune({ signal, onProgress: () => undefined, policy });
    output.event({ type: 'finished', ok: true, freedBytes });
    output.line(`Freed ${formatBytes(freedBytes)}.`);
    return undefined;
  },
};
