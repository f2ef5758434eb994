import type { FileDifference, ImageComparison } from '#shared/contract/images.ts';
import { formatBytes, formatBytesDifference } from '#shared/format/bytes.ts';
import { formatCount, formatNumber } from '#shared/format/count.ts';
import { shortenCommand, shortenDigest } from '#shared/format/shorten.ts';
import { stackRows } from './stack-rows.ts';

/** A number of the comparison in large words, with what is behind it. */
export interface Figure {
  readonly title: string;
  readonly note: string;
}

/** The four answers that most people want: size, layers, files, settings. */
export function comparisonFigures(comparison: ImageComparison): readonly Figure[] {
  return [
    sizeFigure(comparison),
    layersFigure(comparison),
    filesFigure(comparison),
    configFigure(comparison),
  ];
}

function sizeFigure({ before, after }: ImageComparison): Figure {
  const [was, is] = [before.summary.size, after.summary.size];
  if (was === null || is === null) return { title: 'Size', note: 'not known to this engine' };
  return {
    title: was === is ? 'Same size' : formatBytesDifference(is - was),
    note: `${formatBytes(was)} → ${formatBytes(is)} to transfer`,
  };
}

function layersFigure({ layers, after, sameBytes }: ImageComparison): Figure {
  const same = layers.filter((pair) => pair.same).length;
  return {
    title: `${same} of ${formatCount(after.layers.length, 'layer')} the same`,
    note: same === 0 ? 'all is sent anew' : `${formatBytes(sameBytes)} not sent again`,
  };
}

function filesFigure({ files: { added, changed, removed } }: ImageComparison): Figure {
  const all = added + changed + removed;
  if (all === 0) return { title: 'Same files', note: 'content and attributes' };
  const parts = [
    added > 0 ? `+ ${formatNumber(added)} added` : null,
    changed > 0 ? `~ ${formatNumber(changed)} changed` : null,
    removed > 0 ? `− ${formatNumber(removed)} removed` : null,
  ];
  return {
    title: all === 1 ? '1 file differs' : `${formatNumber(all)} files differ`,
    note: parts.filter((part) => part !== null).join(', '),
  };
}

const MOST_FIELDS = 3;

function configFigure({ config }: ImageComparison): Figure {
  if (config.length === 0) return { title: 'Same config', note: 'it starts in the same way' };
  const words = config.map(({ field, before, after }) => {
    const what = before === null ? 'added' : after === null ? 'removed' : 'changed';
    return `${field.replace(/^(?:env|label|port|volume) /, '')} ${what}`;
  });
  const more = words.length - MOST_FIELDS;
  return {
    title: `${formatCount(config.length, 'setting')} ${config.length === 1 ? 'differs' : 'differ'}`,
    note: `${words.slice(0, MOST_FIELDS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  };
}

/** What a row of the files says of the change, in a sign and a word. */
export function differenceWords({ change, sameContent }: FileDifference): string {
  if (sameContent) return '~ attributes';
  return { added: '+ added', changed: '~ changed', removed: '− removed' }[change];
}

/** The whole comparison as text to paste somewhere; of the files those in `rows`, of `total`. */
export function comparisonText(
  comparison: ImageComparison,
  rows: readonly FileDifference[],
  total: number,
): string {
  const { before, after } = comparison;
  const name = ({ summary }: typeof before): string =>
    `${summary.names[0] ?? 'untagged'} (${shortenDigest(summary.id)})`;
  const lines = [`${name(before)} → ${name(after)}`, ''];
  for (const { title, note } of comparisonFigures(comparison)) lines.push(`${title}: ${note}`);
  lines.push('', 'Layers, newest first');
  for (const { link, before: was, after: is } of stackRows(comparison)) {
    const sizes = [was, is].map((box) => (box === null ? '–' : formatBytes(box.size))).join(' → ');
    lines.push(`  ${link.padEnd(7)}  ${shortenCommand((is ?? was)?.title ?? '')}  ${sizes}`);
  }
  if (comparison.config.length > 0) lines.push('', 'Config');
  for (const field of comparison.config)
    lines.push(`  ${field.field}: ${field.before ?? 'unset'} → ${field.after ?? 'unset'}`);
  if (rows.length > 0) lines.push('', 'Files, largest difference first');
  for (const row of rows) {
    const difference = formatBytesDifference((row.after ?? 0) - (row.before ?? 0));
    lines.push(`  ${differenceWords(row)}  /${row.path}${row.isDirectory ? '/' : ''}  ${difference}`);
  }
  if (total > rows.length) lines.push(`  and ${formatCount(total - rows.length, 'more row')}`);
  return `${lines.join('\n')}\n`;
}
