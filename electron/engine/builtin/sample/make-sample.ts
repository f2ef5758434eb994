import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { isMissing, writeError } from '../../../platform/file-errors.ts';
import type { Store } from '../../../store/store.ts';
import type { SampleMaker } from '../../ports.ts';
import { makeSampleBase } from './sample-base.ts';
import { SAMPLE_TAG, sampleFiles } from './sample-files.ts';

const DEFAULTS: BuildOptions = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };

/** Writes the sample project into a new or empty folder and makes its base image. */
export function createSampleMaker(store: Store): SampleMaker {
  return {
    create: async (path, signal = new AbortController().signal) => {
      const there = await readdir(path).catch((error) => {
        if (isMissing(error)) return [];
        throw writeError(error, path);
      });
      if (there.length > 0) {
        throw new AppError('conflict', `The folder ${path} is not empty.`, {
          hint: 'Choose a new folder for the sample.',
          detail: { kind: 'path', path },
        });
      }
      const withRun = await makeSampleBase(store, signal);
      for (const [name, text] of Object.entries(sampleFiles(withRun))) await write(join(path, name), text);
      return { options: { ...DEFAULTS, tags: [SAMPLE_TAG] } };
    },
  };
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    throw writeError(error, path);
  }
}
