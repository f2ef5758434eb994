import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contextReadError } from './context/context-error.ts';
import { findIgnoreFile } from './context/find-ignore-file.ts';
import { loadDockerfile } from './load-dockerfile.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-load-'));
});
afterEach(() => rm(folder, { recursive: true }));

it.skipIf(process.platform === 'win32')(
  'a pipe in the place of a Dockerfile is refused, not waited for',
  async () => {
    execFileSync('mkfifo', [join(folder, 'Dockerfile')]);
    await expect(loadDockerfile(folder, undefined)).rejects.toMatchObject({
      code: 'permission',
      message: `${join(folder, 'Dockerfile')} cannot be read.`,
    });
  },
);

it.skipIf(process.platform === 'win32')('what is no file is no ignore file', async () => {
  const dockerfile = join(folder, 'Dockerfile');
  await mkdir(join(folder, '.dockerignore'));
  expect(await findIgnoreFile(folder, dockerfile)).toBeNull();
  execFileSync('mkfifo', [`${dockerfile}.dockerignore`]);
  expect(await findIgnoreFile(folder, dockerfile)).toBeNull();
  await rm(join(folder, '.dockerignore'), { recursive: true });
  await writeFile(join(folder, '.dockerignore'), 'a');
  expect(await findIgnoreFile(folder, dockerfile)).toMatchObject({ text: 'a' });
});

it('a path that is too long is told as that', () => {
  const error = Object.assign(new Error('x'), { code: 'ENAMETOOLONG' });
  expect(contextReadError(error, `/${'d/'.repeat(3000)}`)).toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/^.{100,200}… is too long for this system\.$/),
  });
});
