import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBusybox } from '#electron/engine/testing/busybox-base.ts';
import { probeSandbox } from '#electron/sandbox/probe.ts';
import { openFolder } from '#electron/sandbox/testing/open-folder.ts';
import { makeBaseTar } from './base-image.ts';
import { compareImages } from './built-image.ts';
import { ALL_CASES } from './cases/all-cases.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = fileURLToPath(new URL('print-images.ts', import.meta.url));

/** Whether a normal user can be made and can reach the checkout. */
function canBeUser(): boolean {
  if (process.getuid?.() !== 0) return false;
  if (!['/usr/sbin/useradd', '/usr/bin/newuidmap'].every((path) => existsSync(path))) return false;
  try {
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
    execFileSync('setpriv', [...nobody, process.execPath, '-e', `require('fs').accessSync('${SCRIPT}')`]);
    return true;
  } catch {
    return false;
  }
}

/** What the kernel lets nobody but root do, and how the step then fails. */
const ROOT_ONLY: ReadonlyMap<string, RegExp> = new Map([
  ['run makes special files', /mknod: .*Operation not permitted/],
]);

/** An error without the folder that its context had. */
function withoutPlaces(error: string | undefined): string | undefined {
  return error?.replaceAll(/\/\S*strata-contexts-\w+/g, '');
}

interface Printed {
  readonly name: string;
  readonly error?: string;
  readonly tree?: [string, string][];
  readonly config?: [string, string][];
}

const isThere = canBeUser() && (await findBusybox()) !== null && (await probeSandbox()).available;

describe.skipIf(!isThere)('a normal user builds what root builds (needs root, uidmap and busybox)', () => {
  const user = `strata${randomBytes(4).toString('hex')}`;
  let folder: string;
  let asRoot: ReadonlyMap<string, Printed>;
  let asUser: ReadonlyMap<string, Printed>;

  beforeAll(async () => {
    execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', user]);
    folder = await mkdtemp(join(openFolder(), 'strata-rootless-'));
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'base.tar'), await makeBaseTar());
    const script = [process.execPath, '--import', 'tsx', SCRIPT, join(folder, 'base.tar')];
    const identity = ['setpriv', '--reuid', user, '--regid', user, '--init-groups'];
    [asRoot, asUser] = await Promise.all([
      print(script, process.env.HOME ?? '/'),
      print([...identity, ...script], `/home/${user}`),
    ]);
  }, 300_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    execFileSync('userdel', ['--remove', user], { stdio: 'ignore' });
  });

  async function print(argv: readonly string[], home: string): Promise<ReadonlyMap<string, Printed>> {
    const [program = '', ...args] = argv;
    const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: openFolder() };
    const { stdout } = await run(program, args, { cwd: ROOT, env, maxBuffer: 256 << 20 });
    const told = stdout.trim().split('\n');
    return new Map(told.map((line) => JSON.parse(line) as Printed).map((image) => [image.name, image]));
  }

  it.each(ALL_CASES)('$name', ({ name }) => {
    const [root, own] = [asRoot.get(name), asUser.get(name)];
    const because = ROOT_ONLY.get(name);
    if (because !== undefined) {
      expect(own?.error).toMatch(because);
      return;
    }
    expect(withoutPlaces(own?.error)).toBe(withoutPlaces(root?.error));
    const image = (printed: Printed | undefined) => ({
      tree: new Map(printed?.tree),
      config: new Map(printed?.config),
    });
    expect(compareImages(image(own), image(root))).toEqual([]);
  });
});
