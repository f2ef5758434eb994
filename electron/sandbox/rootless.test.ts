import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from './testing/open-folder.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = `${ROOT}node_modules/vitest/vitest.mjs`;
/** Test files below `electron/`, without their ending, and how many tests they have at least. */
const SUITES: readonly [string, readonly string[], number][] = [
  [
    'steps, layers and their ends',
    [
      'sandbox/lower-store',
      'sandbox/lay-layer',
      'sandbox/read-upper',
      'sandbox/run-step',
      'sandbox/step-end',
      'sandbox/inherited-files',
    ],
    95,
  ],
  [
    'mounts and builds',
    [
      'build/build-image',
      'build/steps/run-mounts',
      'engine/builtin/like-layers',
      'engine/builtin/mounts/cache-mounts',
    ],
    50,
  ],
];

const isRoot = process.getuid?.() === 0;
const hasParts = ['/usr/sbin/useradd', '/usr/bin/newuidmap', '/bin/busybox'].every((path) =>
  existsSync(path),
);

/** Whether a normal user can reach the checkout and Node. */
function isReachable(): boolean {
  try {
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
    execFileSync('setpriv', [...nobody, process.execPath, '-e', `require('fs').accessSync('${VITEST}')`]);
    return true;
  } catch {
    return false;
  }
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

describe.skipIf(!isRoot || !hasParts || !isReachable())(
  'as a normal user (needs root to make one, uidmap and busybox-static)',
  () => {
    const user = `strata${randomBytes(4).toString('hex')}`;
    beforeAll(() => {
      execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', user]);
    });
    afterAll(() => {
      execFileSync('userdel', ['--remove', user], { stdio: 'ignore' });
    });

    async function asUser(args: readonly string[]): Promise<string> {
      const names = { HOME: `/home/${user}`, USER: user, LOGNAME: user };
      const env = { PATH: process.env.PATH ?? '', TMPDIR: openFolder(), ...names };
      const identity = ['--reuid', user, '--regid', user, '--init-groups'];
      const options = { cwd: ROOT, env, maxBuffer: 64 << 20 };
      try {
        return (await run('setpriv', [...identity, process.execPath, ...args], options)).stdout;
      } catch (error) {
        // A suite with failures ends with 1 and still prints its report.
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        if (stdout === '') throw new Error(stderr);
        return stdout;
      }
    }

    it.each(SUITES)(
      '%s are the same',
      async (_name, suites, count) => {
        const files = suites.map((name) => `electron/${name}.test.ts`);
        // Two at a time: other files of the run that this belongs to are at work as well.
        const flags = ['--configLoader', 'runner', '--project', 'node', '--maxWorkers', '2'];
        const args = [VITEST, 'run', ...flags, '--reporter', 'json', ...files];
        const report = JSON.parse(await asUser(args)) as Report;
        const failed = report.testResults
          .flatMap(({ assertionResults }) => assertionResults)
          .filter(({ status }) => status !== 'passed')
          .map(
            ({ status, fullName, failureMessages }) => `${status}: ${fullName} ${failureMessages.join(' ')}`,
          );
        expect(failed).toEqual([]);
        expect(report.numPassedTests).toBeGreaterThan(count);
      },
      300_000,
    );

    it('a layer with an owner beyond the range is refused beforehand, with the mend', async () => {
      const said = await asUser(['--import', 'tsx', 'electron/sandbox/testing/far-owner.ts']);
      expect(JSON.parse(said)).toMatchObject({
        code: 'permission',
        message: expect.stringMatching(/"far".*70000:70000/),
        hint: expect.stringContaining('usermod --add-subuids'),
      });
    });

    it('what is missing is told, with a command where one mends it', async () => {
      const probe = ['--import', 'tsx', 'electron/sandbox/testing/print-probe.ts'];
      expect(JSON.parse(await asUser(probe))).toMatchObject({ available: true, mode: 'rootless' });
      execFileSync('usermod', ['--del-subuids', '1-4294967294', user]);
      expect(JSON.parse(await asUser(probe))).toMatchObject({
        available: false,
        reason: expect.stringContaining('/etc/subuid'),
        command: expect.stringContaining(`usermod --add-subuids`),
      });
    });
  },
);
