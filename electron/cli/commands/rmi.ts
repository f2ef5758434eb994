import { formatBytes } from '#shared/format/bytes.ts';
import { findImage } from '../../store/find-image.ts';
import { catalogOf } from '../catalog.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata rmi REF...`. */
export const rmi: Command = {
  usage: 'rmi REF...',
  summary: 'Removes images with all their names, and frees what nothing else needs.',
  help: [],
  options: {},
  arity: [1, Number.POSITIVE_INFINITY],
  run: async ({ positionals }, { output, env }) => {
    const core = await openCore(env);
    const found = await Promise.all(positionals.map((text) => findImage(core.store, text)));
    const removed = new Set(found.map((image) => image.digest));
    const images = catalogOf(core);
    const freed = (await images.heldOnlyBy?.([...removed])) ?? 0;
    for (const digest of removed) {
      await images.remove(digest, { force: false });
      output.event({ type: 'removed', digest });
      output.line(`Removed ${digest}`);
    }
    output.event({ type: 'finished', ok: true, freedBytes: freed });
    output.line(`Freed ${formatBytes(freed)}.`);
    return undefined;
  },
};
