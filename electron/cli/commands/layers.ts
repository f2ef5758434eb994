import { formatBytes } from '#shared/format/bytes.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';
import { viewImage } from '../viewed-image.ts';

/** `strata layers REF`. */
export const layers: Command = {
  usage: 'layers REF',
  summary: 'Shows the layers of an image, newest first.',
  help: [['REF', 'A name, a digest, an image ID or the beginning of one; or a path: ./web.tar, ./layout']],
  options: {},
  arity: [1, 1],
  run: async ({ positionals }, { output, env, cwd, signal }) => {
    const core = await openCore(env);
    const { images, ref } = await viewImage(core, positionals[0] ?? '', cwd);
    const image = await images.get(ref, signal);
    const list = image.layers.toReversed();
    for (const layer of list) output.event({ type: 'layer', ...layer });
    const rows = list.map((layer) => [
      String(layer.index),
      shortDigest(layer.digest),
      formatBytes(layer.size),
      layer.unpackedSize === null ? '–' : formatBytes(layer.unpackedSize),
      layer.base ? 'base' : 'own',
      layer.createdBy,
    ]);
    const header = ['#', 'DIGEST', 'SIZE', 'UNPACKED', 'FROM', 'INSTRUCTION'];
    for (const line of formatTable(header, rows, new Set([0, 2, 3]))) output.line(line);
    return undefined;
  },
};
