import type { FileDifference, ImageComparison } from '#shared/contract/images.ts';
import { formatBytes, formatBytesDifference } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import { showName } from '#shared/format/show-controls.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable, type Output } from '../output.ts';
import { viewPair } from '../viewed-image.ts';

const PAGE = 1000;
/** Files that people are shown; --json has all. */
const SHOWN = 40;
const SIGN: Readonly<Record<FileDifference['change'], string>> = { added: '+', changed: '~', removed: '-' };

/** `strata compare REF REF`. */
export const compare: Command = {
  usage: 'compare REF REF',
  summary: 'Shows how the second image differs from the first: sizes, layers, files, settings.',
  help: [['REF', 'A name, a digest, an image ID or the beginning of one; or a path: ./web.tar, ./layout']],
  options: {},
  arity: [2, 2],
  run: async ({ positionals }, { output, env, cwd, signal }) => {
    const core = await openCore(env);
    const [first = '', second = ''] = positionals;
    const { comparer, a, b } = await viewPair(core, [first, second], cwd);
    const comparison = await comparer.compare(a, b, signal);
    output.event({ type: 'comparison', ...comparison });
    printSizes(output, comparison);
    printLayers(output, comparison);
    printConfig(output, comparison);
    const limit = output.json ? PAGE : SHOWN;
    for (let offset = 0; ; offset += limit) {
      const page = await comparer.files({ a, b, query: '', offset, limit }, signal);
      for (const row of page.rows) output.event({ type: 'file', ...row });
      if (!output.json) printFiles(output, page);
      if (!output.json || offset + limit >= page.total) return undefined;
    }
  },
};

function printSizes(output: Output, { before, after, sameBytes, layers, files }: ImageComparison): void {
  const [was, is] = [before.summary.size ?? 0, after.summary.size ?? 0];
  const same = layers.filter((pair) => pair.same).length;
  output.line(
    `size    ${formatBytes(was)} -> ${formatBytes(is)} to transfer (${formatBytesDifference(is - was)})`,
  );
  output.line(`layers  ${same} of ${after.layers.length} the same, ${formatBytes(sameBytes)}`);
  output.line(
    `files   ${formatCount(files.added, 'file')} added, ${files.changed} changed, ${files.removed} removed`,
  );
}

function printLayers(output: Output, { before, after, layers }: ImageComparison): void {
  const changed = layers.filter((pair) => !pair.same).reverse();
  if (changed.length === 0) return;
  const rows = changed.map((pair) => {
    const was = pair.before === null ? undefined : before.layers[pair.before];
    const is = pair.after === null ? undefined : after.layers[pair.after];
    const sign = was === undefined ? '+' : is === undefined ? '-' : '~';
    return [
      sign,
      was === undefined ? '' : formatBytes(was.size),
      is === undefined ? '' : formatBytes(is.size),
      (is ?? was)?.createdBy ?? '',
    ];
  });
  output.line();
  for (const line of formatTable(['', 'BEFORE', 'AFTER', 'LAYER'], rows, new Set([1, 2]))) output.line(line);
}

function printConfig(output: Output, { config }: ImageComparison): void {
  if (config.length > 0) output.line('\nSettings');
  for (const { field, before, after } of config)
    output.line(`  ${field}: ${before ?? 'unset'} -> ${after ?? 'unset'}`);
}

function printFiles(output: Output, { rows, total }: { rows: FileDifference[]; total: number }): void {
  if (total === 0) return;
  const cells = rows.map((row) => [
    SIGN[row.change],
    row.before === null ? '' : formatBytes(row.before),
    row.after === null ? '' : formatBytes(row.after),
    `/${showName(row.path)}${row.isDirectory ? '/' : ''}${row.sameContent ? '  (attributes)' : ''}`,
  ]);
  output.line();
  for (const line of formatTable(['', 'BEFORE', 'AFTER', 'FILE'], cells, new Set([1, 2]))) output.line(line);
  if (total > rows.length) output.line(`and ${formatCount(total - rows.length, 'more row')} (see --json)`);
}
