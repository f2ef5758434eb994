import type { FileRow } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { showName } from '#shared/format/show-controls.ts';
import { cleanPath } from '../../image/stack-tree.ts';
import { type Command, textOption } from '../command.ts';
import { openCore } from '../core.ts';
import { viewImage } from '../viewed-image.ts';

const PAGE = 1000;
const SIGN: Readonly<Record<FileRow['change'], string>> = {
  added: '+',
  changed: '~',
  removed: '-',
  none: ' ',
};
const KIND: Readonly<Record<FileRow['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: '-',
  fifo: 'p',
  char: 'c',
  block: 'b',
};

/** `strata files REF [PATH]`. */
export const files: Command = {
  usage: 'files REF [PATH] [--layer N]',
  summary:
    'Lists one folder of an image, or with --layer what one layer adds (+), changes (~) and removes (-) in it.',
  help: [
    ['REF', 'A name, a digest, an image ID or the beginning of one; or a path: ./web.tar, ./layout'],
    ['--layer N', 'Only what this layer did; 0 is the oldest'],
  ],
  options: { layer: { type: 'string' } },
  arity: [1, 2],
  run: async (input, { output, env, cwd, signal }) => {
    const [word = '', path = ''] = input.positionals;
    const core = await openCore(env);
    const viewed = await viewImage(core, word, cwd);
    const image = await viewed.images.get(viewed.ref, signal);
    const asked = textOption(input, 'layer');
    const layer = asked === undefined ? image.layers.length - 1 : Number(asked);
    if (!Number.isInteger(layer) || layer < 0 || layer >= image.layers.length) {
      throw new AppError('invalid-input', `There is no layer ${asked ?? layer}.`, {
        hint: `The image has layers 0 to ${image.layers.length - 1}.`,
      });
    }
    const view = asked === undefined ? 'stack' : 'layer';
    for (let offset = 0; ; offset += PAGE) {
      const query = {
        ref: image.summary.id,
        layer,
        view,
        path: cleanPath(path),
        offset,
        limit: PAGE,
      } as const;
      const page = await viewed.files.list({ ...query, sort: 'name' }, signal);
      for (const row of page.rows) {
        output.event({ ...row, type: 'file', kind: row.type });
        output.line(describeRow(row, view));
      }
      if (offset + PAGE >= page.total) return undefined;
    }
  },
};

function describeRow(row: FileRow, view: 'stack' | 'layer'): string {
  const sign = view === 'layer' ? `${SIGN[row.change]} ` : '';
  const mode = `${KIND[row.type]}${row.mode.toString(8).padStart(4, '0')}`;
  const link = row.linkTarget === null ? '' : ` -> ${showName(row.linkTarget)}`;
  const slash = row.type === 'directory' ? '/' : '';
  return `${sign}${mode} ${`${row.uid}:${row.gid}`.padEnd(9)} ${formatBytes(row.size).padStart(9)}  ${showName(row.name)}${slash}${link}`;
}
