import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programsOnPath } from './programs-on-path.ts';
import { differenceOf } from './terminal-place.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-path-'));
  for (const name of ['own', 'system']) await mkdir(join(folder, name));
  await program('system', 'git');
  await symlink(join(folder, 'system'), join(folder, 'alias'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(place: string, name: string): Promise<void> {
  await writeFile(join(folder, place, name), '#!/bin/sh\n');
  await chmod(join(folder, place, name), 0o755);
}

const path = (...places: string[]) => places.map((place) => join(folder, place)).join(delimiter);

function difference(terminal: string, host: string): string | null {
  const place = (text: string) => ({ env: { PATH: text }, standing: '' });
  return differenceOf(place(terminal), place(host));
}

describe('the PATH of a terminal', () => {
  it('may have folders of its own without programs that builds use', async () => {
    await program('own', 'python3');
    expect(difference(path('own', 'missing', 'system'), path('system'))).toBeNull();
    expect(difference(path('alias'), path('system'))).toBeNull();
  });

  it.each(['git', 'docker-credential-pass', 'unshare'])(
    'counts when it leads to another %s',
    async (name) => {
      await program('own', name);
      expect(difference(path('own', 'system'), path('system'))).toBe('other values of PATH');
      expect(difference(path('system', 'own'), path('system'))).toBe(
        name === 'git' ? null : 'other values of PATH',
      );
    },
  );

  it('counts anew when a program was put into a folder', async () => {
    expect(difference(path('own', 'system'), path('system'))).toBeNull();
    await program('own', 'git');
    expect(difference(path('own', 'system'), path('system'))).toBe('other values of PATH');
  });

  it('counts when it depends on the working directory', () => {
    expect(programsOnPath(`bin${delimiter}/usr/bin`)).toBeNull();
    expect(difference(`${path('system')}${delimiter}.`, path('system'))).toBe('other values of PATH');
    expect(difference('', path('system'))).toBe('other values of PATH');
  });
});
