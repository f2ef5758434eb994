import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { probeSandbox } from '../../sandbox/probe.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SCRIPT = fileURLToPath(new URL('testing/print-build.ts', import.meta.url));
const BUSYBOX = '/bin/busybox';
const EPOCH = 1_500_000_000;
const sandbox = await probeSandbox();
const canRun = sandbox.available && existsSync(BUSYBOX);

/** Whether a normal user can be made, can make namespaces and can reach the checkout. */
function canBeUser(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/sbin/useradd') || !existsSync('/usr/bin/newuidmap'))
    return false;
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  try {
    execFileSync('setpriv', [...nobody, process.execPath, '-e', `require('fs').accessSync('${SCRIPT}')`]);
    return true;
  } catch {
    return false;
  }
}

const FILES = `FROM scratch AS tools
COPY busybox /bin/busybox
FROM tools
USER 7:8
WORKDIR /app/deep
COPY --chown=5:6 src .
COPY <<note.txt /etc/
written here
note.txt
ENV A=1
LABEL made=once
CMD ["sh"]
`;
const RUNS = `${FILES}USER 0
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN mkdir -p /out/sub && echo text > /out/sub/made.txt && chown 3:4 /out/sub && rm -r /app/deep/sub
RUN ln /out/sub/made.txt /out/again && find /out -newer /app/deep/new.txt > /out/newer.txt
`;

interface Printed {
  readonly digest: string;
  readonly diffIds: readonly string[];
  readonly config: { created: string; history: { created: string }[] };
}

describe('the same input', () => {
  const user = `strata${randomBytes(4).toString('hex')}`;
  const asUser = canBeUser();
  let folder: string;
  beforeAll(async () => {
    if (asUser) execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', user]);
    folder = await mkdtemp(join(tmpdir(), 'strata-same-'));
    await chmod(folder, 0o755);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    if (asUser) execFileSync('userdel', ['--remove', user], { stdio: 'ignore' });
  });

  async function makeContext(dockerfile: string): Promise<string> {
    const context = await mkdtemp(join(folder, 'context-'));
    await chmod(context, 0o755);
    const texts = {
      Dockerfile: dockerfile,
      'src/old.txt': 'old',
      'src/new.txt': 'new',
      'src/sub/a.txt': 'a',
    };
    for (const [path, text] of Object.entries(texts)) {
      await mkdir(dirname(join(context, path)), { recursive: true });
      await writeFile(join(context, path), text);
    }
    if (existsSync(BUSYBOX)) await copyFile(BUSYBOX, join(context, 'busybox'));
    else await writeFile(join(context, 'busybox'), 'stands for it');
    await utimes(join(context, 'src/old.txt'), EPOCH - 1000, EPOCH - 1000);
    return context;
  }

  async function build(context: string, options: Partial<BuildOptions>, as?: string): Promise<Printed> {
    const home = await mkdtemp(join(as === undefined ? folder : `/home/${as}`, 'store-'));
    if (as !== undefined) execFileSync('chown', [as, home]);
    const { PATH = '' } = process.env;
    const script = ['--import', 'tsx', SCRIPT, home, context, JSON.stringify(options)];
    const { stdout } =
      as === undefined
        ? await run(process.execPath, script, { cwd: ROOT, env: { PATH, HOME: folder } })
        : await run('setpriv', ['--reuid', as, '--regid', as, '--init-groups', process.execPath, ...script], {
            cwd: ROOT,
            env: { PATH, HOME: `/home/${as}`, USER: as, LOGNAME: as },
          });
    // Times of layers are whole seconds: what is built next must be built in another one.
    await wait(1100);
    return JSON.parse(stdout) as Printed;
  }

  it('gives equal layers of COPY and WORKDIR in two stores at two times', async () => {
    const context = await makeContext(FILES);
    const first = await build(context, {});
    const second = await build(context, {});
    expect(first.diffIds).toHaveLength(4);
    expect(second.diffIds).toEqual(first.diffIds);
    expect(second.digest).not.toBe(first.digest);
  });

  it('gives equal layers of files with other times when it is to be reproducible, and only then', async () => {
    const context = await makeContext(FILES);
    const checkout = await makeContext(FILES);
    await utimes(join(checkout, 'src/new.txt'), EPOCH + 500, EPOCH + 500);
    const options = { reproducible: true };
    expect((await build(checkout, options)).digest).toBe((await build(context, options)).digest);
    expect((await build(checkout, {})).diffIds).not.toEqual((await build(context, {})).diffIds);
  });

  it('gives an equal image with SOURCE_DATE_EPOCH, which config and history name', async () => {
    const context = await makeContext(FILES);
    const options = { buildArgs: { SOURCE_DATE_EPOCH: String(EPOCH) } };
    const first = await build(context, options);
    expect((await build(context, options)).digest).toBe(first.digest);
    const created = new Date(EPOCH * 1000).toISOString();
    expect(first.config.created).toBe(created);
    expect(new Set(first.config.history.map((entry) => entry.created))).toEqual(new Set([created]));
  });

  it.skipIf(!canRun)(
    'gives an equal image of RUN steps when it is to be reproducible',
    async () => {
      const context = await makeContext(RUNS);
      const first = await build(context, { reproducible: true });
      const copy = await makeContext(RUNS);
      expect((await build(copy, { reproducible: true })).digest).toBe(first.digest);
      expect(first.config.created).toBe(new Date(0).toISOString());
      expect((await build(context, {})).diffIds).not.toEqual((await build(context, {})).diffIds);
    },
    120_000,
  );

  it.skipIf(!asUser)(
    'gives the same to a normal user as to root',
    async () => {
      const files = await makeContext(FILES);
      expect((await build(files, {}, user)).diffIds).toEqual((await build(files, {})).diffIds);
      if (!canRun) return;
      const context = await makeContext(RUNS);
      const root = await build(context, { reproducible: true });
      expect((await build(context, { reproducible: true }, user)).digest).toBe(root.digest);
    },
    120_000,
  );
});
