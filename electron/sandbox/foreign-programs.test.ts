import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePlatform } from '#shared/oci/platform.ts';
import { whyNotRunnable } from './foreign-programs.ts';

const handler = (state: string, flags: string, magic: string) =>
  [
    state,
    'interpreter /usr/libexec/qemu-binfmt/x',
    `flags: ${flags}`,
    'offset 0',
    `magic ${magic}`,
    'mask ffffffffffffff00fffffffffffffffffeffffff',
    '',
  ].join('\n');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-binfmt-'));
  const files = {
    register: '',
    status: 'enabled\n',
    'qemu-aarch64': handler('enabled', 'POCF', '7f454c460201010000000000000000000200b700'),
    'qemu-riscv64': handler('disabled', 'POCF', '7f454c460201010000000000000000000200f300'),
    'qemu-s390x': handler('enabled', 'PF', '7f454c4602020100000000000000000000020016'),
    'qemu-arm': handler('enabled', 'OC', '7f454c4601010100000000000000000002002800'),
    python: 'enabled\ninterpreter /usr/bin/python3\nflags: \noffset 0\nmagic a70d0d0a\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

const why = (platform: string, host = 'linux/amd64') =>
  whyNotRunnable(parsePlatform(platform), parsePlatform(host), folder);

describe('programs of another platform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64'],
    ['linux/386', 'linux/amd64'],
    ['linux/arm/v7', 'linux/arm64'],
    ['linux/arm64', 'linux/amd64'],
    ['linux/s390x', 'linux/amd64'],
  ])('of %s run on %s', async (platform, host) => expect(await why(platform, host)).toBeNull());

  it.each([
    ['linux/riscv64', 'no handler in binfmt_misc'],
    ['linux/ppc64le', 'no handler in binfmt_misc'],
    ['linux/sparc64', 'no handler in binfmt_misc'],
    ['linux/arm/v7', 'lacks the flag F'],
    ['windows/amd64', 'another operating system'],
  ])('of %s do not run on linux/amd64, and the reason is told', async (platform, reason) => {
    expect(await why(platform)).toContain(reason);
  });

  it('do not run where the kernel has no binfmt_misc', async () => {
    const told = whyNotRunnable(
      parsePlatform('linux/arm64'),
      parsePlatform('linux/amd64'),
      join(folder, 'gone'),
    );
    expect(await told).toContain('no handler');
  });
});
