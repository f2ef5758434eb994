import { basename, isAbsolute, relative, resolve } from 'node:path';
import { findIgnoreFile } from '../../build/context/find-ignore-file.ts';
import { createIgnoreMatcher, parseIgnore } from '../../build/context/ignore.ts';
import { previewContext } from '../../build/context/preview.ts';
import { describeSource } from '../../build/dockerfile/source-view.ts';
import { loadDockerfile } from '../../build/load-dockerfile.ts';
import type { ProjectReader } from '../ports.ts';

/** Reads project folders as the builder does. */
export function createProjectReader(): ProjectReader {
  return {
    source: async (contextPath, dockerfile) => {
      const root = resolve(contextPath);
      const { path, text } = await loadDockerfile(root, dockerfile);
      const ignoreFile = await findIgnoreFile(root, path);
      const ignore = ignoreFile === null ? undefined : createIgnoreMatcher(parseIgnore(ignoreFile.text));
      return describeSource(text, path, nameWithin(root, path), { ignore });
    },
    context: async (contextPath, dockerfile, signal) => {
      const root = resolve(contextPath);
      const path = resolve(root, dockerfile ?? 'Dockerfile');
      return previewContext(root, path, signal);
    },
  };
}

function nameWithin(root: string, path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') || isAbsolute(inside) ? basename(path) : inside;
}
