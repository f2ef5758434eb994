import { basename, isAbsolute, relative, resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { readCheckOptions } from '../../build/build-checks.ts';
import { previewContext } from '../../build/context/preview.ts';
import type { CheckOptions } from '../../build/dockerfile/checks/check-options.ts';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import { describeSource } from '../../build/dockerfile/source-view.ts';
import { loadDockerfile } from '../../build/load-dockerfile.ts';
import type { BaseImages } from '../../build/solve/base-images.ts';
import type { ProjectReader, SourceOptions } from '../ports.ts';

/** Reads project folders as the builder does. */
export function createProjectReader(bases: BaseImages): ProjectReader {
  return {
    source: async (contextPath, options) => {
      const root = resolve(contextPath);
      const { path, text } = await loadDockerfile(root, options.dockerfile);
      const known = await knownToChecks(bases, { contextPath: root, path, text, options });
      return describeSource(text, path, nameWithin(root, path), known);
    },
    context: async (contextPath, dockerfile, signal) => {
      const root = resolve(contextPath);
      const path = resolve(root, dockerfile ?? 'Dockerfile');
      return previewContext(root, path, signal);
    },
  };
}

interface Subject {
  readonly contextPath: string;
  readonly path: string;
  readonly text: string;
  readonly options: SourceOptions;
}

/** What the checks may know; nothing where the file cannot be read or built so, which the view and the plan tell. */
async function knownToChecks(
  bases: BaseImages,
  { contextPath, path, text, options }: Subject,
): Promise<CheckOptions> {
  try {
    const dockerfile = parseDockerfile(text, path);
    return await readCheckOptions(bases, { contextPath, dockerfile, options });
  } catch (error) {
    if (error instanceof AppError) return {};
    throw error;
  }
}

function nameWithin(root: string, path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') || isAbsolute(inside) ? basename(path) : inside;
}
