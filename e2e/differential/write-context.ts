import { chmod, link, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import type { BuildCase, CaseFile } from './build-case.ts';

/** Writes the context of a case into a folder: names in their order, hard links last. */
export async function writeContext(
  folder: string,
  { dockerfile, files = {}, options }: BuildCase,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const all = Object.entries({ [options?.dockerfile ?? 'Dockerfile']: dockerfile, ...files });
  const isHardlink = ([, file]: [string, CaseFile]) => typeof file === 'object' && 'hardlink' in file;
  for (const entry of [...all.filter((one) => !isHardlink(one)), ...all.filter(isHardlink)])
    await writeEntry(folder, ...entry);
  for (const [path, file] of all)
    if (typeof file === 'object' && 'folder' in file) await chmod(join(folder, path), file.mode ?? 0o755);
}

async function writeEntry(folder: string, path: string, file: CaseFile): Promise<void> {
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true });
  if (typeof file === 'string') return writeFile(place, file, { mode: 0o644 });
  if ('link' in file) return symlink(file.link, place);
  if ('hardlink' in file) return link(join(folder, file.hardlink), place);
  if ('folder' in file) return void (await mkdir(place, { recursive: true }));
  if ('fifo' in file) return void (await run('mkfifo', [place]));
  await writeFile(place, file.bytes ?? file.text ?? '');
  await chmod(place, file.mode ?? 0o644);
  if (file.mtime !== undefined) await utimes(place, file.mtime, file.mtime);
}
