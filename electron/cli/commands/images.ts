import { formatAge } from '#shared/format/age.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { catalogOf } from '../catalog.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';

/** `strata images`. */
export const images: Command = {
  usage: 'images',
  summary: 'Lists the images of the store, newest first.',
  help: [],
  options: {},
  arity: [0, 0],
  run: async (_input, { output, env }) => {
    const core = await openCore(env);
    const list = await catalogOf(core).list();
    for (const image of list) output.event({ type: 'image', ...image });
    const rows = list.map((image) => [
      image.names.join(', ') || '(untagged)',
      shortDigest(image.id),
      image.createdAt === null ? '–' : formatAge(image.createdAt, Date.now()),
      String(image.layers.length),
      formatBytes(image.size ?? 0),
      formatBytes(image.uniqueSize ?? 0),
    ]);
    const header = ['NAME', 'DIGEST', 'BUILT', 'LAYERS', 'SIZE', 'ONLY HERE'];
    for (const line of formatTable(header, rows, new Set([3, 4, 5]))) output.line(line);
    if (list.length === 0)
      output.note('There are no images yet. Build one with "strata build", or try "strata sample DIR".');
    return undefined;
  },
};
