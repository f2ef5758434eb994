import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appRoot } from './platform/app-root.ts';

const ROOT = appRoot();

/** Every path below a folder of the repository that a document writes in code type; `{a,b}` stands for several. */
async function namedPaths(document: string): Promise<string[]> {
  const text = await readFile(join(ROOT, document), 'utf8');
  const quoted = [...text.matchAll(/`((?:shared|electron|renderer|e2e|assets)\/[^`\s]*)`/g)].map(
    ([, path = '']) => path,
  );
  return quoted.flatMap((path) => {
    const group = /^(.*)\{(.*)\}(.*)$/.exec(path);
    return group === null
      ? [path]
      : (group[2] ?? '').split(',').map((each) => `${group[1]}${each}${group[3]}`);
  });
}

it.each(['ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md'])(
  '%s names only paths that exist',
  async (document) => {
    const missing = (await namedPaths(document)).filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  },
);

it('the architecture names the folders a newcomer looks for', async () => {
  expect((await namedPaths('ARCHITECTURE.md')).length).toBeGreaterThan(40);
});
