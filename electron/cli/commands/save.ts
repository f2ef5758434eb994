import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { createArchives } from '../../engine/builtin/archives.ts';
import { writeError } from '../../platform/file-errors.ts';
import { type Command, type CommandInput, textOption } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata save REF -o FILE`. */
export const save: Command = {
  usage: 'save REF -o FILE [--format oci|docker]',
  summary: 'Writes an image to a tar: an OCI image layout, which "docker load" of today reads too.',
  help: [
    ['-o, --output FILE', 'Where to write it'],
    ['--format F', 'oci (default), or docker: with the manifest.json that older readers need'],
  ],
  options: { output: { type: 'string', short: 'o' }, format: { type: 'string' } },
  arity: [1, 1],
  run: async (input, { output, env, cwd, signal }) => {
    const path = resolve(cwd, readPath(input));
    const format = readFormat(input);
    const core = await openCore(env);
    const archive = await createArchives(core.store).save(input.positionals[0] ?? '', { format });
    const temporary = `${path}.${process.pid}.tmp`;
    const file = createWriteStream(temporary, { flags: 'wx' });
    try {
      await pipeline(archive.open(signal), file, { signal });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw writeError(error, path);
    }
    output.event({ type: 'finished', ok: true, path, bytes: file.bytesWritten, format });
    output.line(`Wrote ${path}, ${formatBytes(file.bytesWritten)}.`);
    return undefined;
  },
};

function readPath(input: CommandInput): string {
  const path = textOption(input, 'output');
  if (path !== undefined && path !== '') return path;
  throw new AppError('invalid-input', 'Where to write the image is missing.', { hint: 'Add -o FILE.' });
}

function readFormat(input: CommandInput): 'oci' | 'docker' {
  const format = textOption(input, 'format') ?? 'oci';
  if (format === 'oci' || format === 'docker') return format;
  throw new AppError('invalid-input', `There is no format "${format}".`, { hint: 'Write oci or docker.' });
}
