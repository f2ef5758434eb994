import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { cleanEntryPath } from '../../image/tar/safe-path.ts';
import { isMissing } from '../../platform/file-errors.ts';
import { isWithin } from '../../platform/is-within.ts';
import { DOCUMENT_LIMIT, missingFile, tooLarge } from './archive-documents.ts';
import type { ArchiveFiles } from './archive-files.ts';

/** The files of an image layout that is a folder. Links that lead out of it are refused with `unsafe-archive`. */
export function openFolderFiles(folder: string): ArchiveFiles {
  const locate = async (path: string): Promise<{ full: string; size: number } | null> => {
    const full = join(folder, cleanEntryPath(path));
    const found = await stat(full).catch(nullWhenMissing);
    if (found === null || !found.isFile()) return null;
    if (isWithin(await realpath(full), await realpath(folder))) return { full, size: found.size };
    throw new AppError('unsafe-archive', `${path} is a link that leads out of ${folder}.`, {
      hint: 'Do not trust this folder, or put the file itself in its place.',
      detail: { kind: 'path', path: full },
    });
  };
  return {
    size: async (path) => (await locate(path))?.size ?? null,
    document: async (path) => {
      const found = await locate(path);
      if (found === null) throw missingFile(path);
      if (found.size > DOCUMENT_LIMIT) throw tooLarge(path);
      const file = await open(found.full);
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
    read: (path, start, end, signal) => {
      async function* bytes(): AsyncGenerator<Uint8Array> {
        const found = await locate(path);
        if (found === null) throw missingFile(path);
        if (end <= start) return;
        yield* createReadStream(found.full, { start, end: end - 1, highWaterMark: 1 << 20, signal });
      }
      return Readable.from(bytes(), { objectMode: false });
    },
  };
}

function nullWhenMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
