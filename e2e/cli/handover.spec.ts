import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Box } from '../fixtures/box.ts';
import { finished, statuses } from '../fixtures/events.ts';
import { ROOT } from '../fixtures/paths.ts';
import { processesWith } from '../fixtures/processes.ts';
import { findFaults } from '../fixtures/store-check.ts';
import type { CliResult } from '../fixtures/strata.ts';
import { expect, test } from '../fixtures/test.ts';
import { startWebHost } from '../fixtures/web-host.ts';

const HANDED = 'strata: handed over to the app\n';
/** What a terminal starts: the file with its name in the manual, and the one behind the command. */
const PROGRAMS = ['cli.js', 'strata.cjs'];
const PROJECT = {
  Dockerfile: `FROM busybox:1.36
WORKDIR /app
COPY . .
RUN echo to the log; wc -c < large.txt
CMD ["true"]
`,
  'large.txt': 'text '.repeat(10_000),
};

/** A command that says on standard error whether its build was handed over. */
const curious = (box: Box, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  box.strata(args, { env: { STRATA_DEBUG: '1', ...env } });

/** What a command printed, with times made equal. */
function withoutTimes({ code, stdout, stderr }: CliResult) {
  const even = (text: string) =>
    text.replace(/"(ms|savedMs|startedAt)":\d+/g, '"$1":0').replace(/\b\d+(\.\d+)? m?s\b/g, 'TIME');
  return { code, stdout: even(stdout), stderr: even(stderr) };
}

for (const [what, args] of [
  ['text', ['--no-cache', '--reproducible']],
  ['text of a build from the cache', ['--reproducible']],
  ['events', ['--json', '--reproducible']],
  ['a digest alone', ['-q', '--reproducible']],
  ['a plan', ['--plan', '--reproducible']],
  ['a plan as an event', ['--plan', '--json', '--reproducible']],
  ['wrong use', ['--plan', '-q']],
  ['words that no command has', ['--no-such-thing', '--json']],
  ['a Dockerfile that is not there', ['-f', 'none']],
] as const) {
  test(`a build in the app that runs prints what one in the terminal prints: ${what}`, async ({ box }) => {
    const folder = await box.files('app', PROJECT);
    const command = ['build', folder, '-t', 'demo:1', ...args];
    await box.strata(['build', folder, '--reproducible']);
    const own = await box.strata(command);
    const host = await startWebHost(box);
    try {
      const handed = await box.strata(command);
      expect(withoutTimes(handed)).toEqual(withoutTimes(own));
      expect((await curious(box, command)).stderr).toContain(HANDED);
    } finally {
      expect(await host.stop()).toBe(0);
    }
  });
}

test('a build that fails in the app tells its step and its output', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nRUN echo oh dear; exit 7\n' });
  await box.strata(['build', folder]);
  const own = await box.strata(['build', folder, '--json']);
  const quiet = await box.strata(['build', folder, '-q']);
  const host = await startWebHost(box);
  try {
    const handed = await box.strata(['build', folder, '--json']);
    expect(withoutTimes(handed)).toEqual(withoutTimes(own));
    expect(finished(handed).error?.code).toBe('step-failed');
    expect(withoutTimes(await box.strata(['build', folder, '-q']))).toEqual(withoutTimes(quiet));
    expect(quiet.stderr).toContain('oh dear');
  } finally {
    expect(await host.stop()).toBe(0);
  }
});

test('what stands in the environment of the terminal is taken from there', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile: `FROM busybox:1.36
ARG COLOUR
RUN --mount=type=secret,id=token echo "$COLOUR $(cat /run/secrets/token)" > /said; cat /said
`,
  });
  const host = await startWebHost(box, { TOKEN: 'of the host', COLOUR: 'of the host' });
  try {
    const words = ['build', folder, '--build-arg', 'COLOUR', '--secret', 'id=token,env=TOKEN', '--json'];
    const env = { TOKEN: 'of the terminal', COLOUR: 'blue', SOURCE_DATE_EPOCH: '1700000000' };
    const handed = await curious(box, words, env);
    expect(handed.stderr).toContain(HANDED);
    const said = handed.events.filter(({ type }) => type === 'log').map(({ text }) => text);
    expect(said.join('')).toContain('blue of the terminal');
    const again = await box.strata(words, { env: { ...env, STRATA_STANDALONE: '1' } });
    expect(finished(again).digest).toBe(finished(handed).digest);
    expect(statuses(finished(again)).filter((line) => !line.startsWith('hit'))).toEqual([]);
  } finally {
    expect(await host.stop()).toBe(0);
  }
});

/** A project whose build says `begun` and goes on for hours; the mark stands in the command lines of its processes. */
async function endless(box: Box): Promise<{ folder: string; mark: string }> {
  const mark = `${3600 + Math.floor(Math.random() * 1_000_000)}.5`;
  const folder = await box.files('app', {
    Dockerfile: `FROM busybox:1.36\nRUN (sleep ${mark} &) ; trap '' INT TERM; echo begun; sleep ${mark}; sleep ${mark}\n`,
  });
  return { folder, mark };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in the terminal cancels the build in the app with exit code 130`, async ({ box }) => {
    const { folder, mark } = await endless(box);
    const host = await startWebHost(box);
    try {
      const result = await box.strata(['build', folder, '--json'], {
        env: { STRATA_DEBUG: '1' },
        onOutput: (text, child) => {
          if (text.includes('begun\\n')) child.kill(signal);
        },
      });
      expect(result.stderr).toContain(HANDED);
      expect(result.code).toBe(130);
      expect(finished(result).error?.code).toBe('cancelled');
      expect(await processesWith(mark)).toEqual([]);
      expect(await box.mounts()).toEqual([]);
    } finally {
      expect(await host.stop()).toBe(0);
    }
  });
}

test('a reader of the output that goes away ends the terminal and its build, without an error', async ({
  box,
}) => {
  const { folder, mark } = await endless(box);
  const host = await startWebHost(box);
  try {
    const result = await box.strata(['build', folder, '--json', '--no-cache'], {
      onSpawn: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
    });
    expect([result.code, result.stderr]).toEqual([0, '']);
    await expect.poll(() => processesWith(mark)).toEqual([]);
  } finally {
    expect(await host.stop()).toBe(0);
  }
});

test('a terminal that is killed cancels its build in the app, which goes on', async ({ box }) => {
  const { folder, mark } = await endless(box);
  const host = await startWebHost(box);
  try {
    const killed = await box.strata(['build', folder, '--json'], {
      onOutput: (text, child) => {
        if (text.includes('begun\\n')) child.kill('SIGKILL');
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    await expect.poll(() => processesWith(mark)).toEqual([]);
    const states = async () => (await box.strata(['builds', '--json'])).events.map(({ state }) => state);
    await expect.poll(states).toEqual(['cancelled']);
    const next = await curious(box, ['build', await box.files('other', PROJECT)]);
    expect([next.code, next.stderr]).toEqual([0, HANDED]);
  } finally {
    expect(await host.stop()).toBe(0);
  }
});

test('an app that is closed or killed in the middle is told, and the terminal builds by itself then', async ({
  box,
}) => {
  const { folder } = await endless(box);
  const other = await box.files('other', PROJECT);
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const host = await startWebHost(box);
    const result = await box.strata(['build', folder], {
      env: { STRATA_DEBUG: '1' },
      onOutput: (text) => {
        if (text.includes('begun\n')) process.kill(host.pid, signal);
      },
    });
    expect(result.stderr).toContain(HANDED);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/The Strata app that was building this (was closed|ended) before/);
    expect(result.stderr).toContain('Run the same command again');
    await host.stop();
    const next = await curious(box, ['build', other]);
    expect([next.code, next.stderr]).toEqual([0, '']);
  }
  // What the killed one left is taken away by the next.
  expect(await readdir(join(box.data, 'hosts'))).toHaveLength(1);
  const host = await startWebHost(box);
  expect(await readdir(join(box.data, 'hosts'))).toHaveLength(1);
  expect((await curious(box, ['build', other])).stderr).toBe(HANDED);
  await host.stop();
  expect(await readdir(join(box.data, 'hosts'))).toEqual([]);
  expect(await findFaults(box.data)).toEqual([]);
});

test('an app that hangs keeps no terminal from building, and builds nothing when it goes on', async ({
  box,
}) => {
  const folder = await box.files('app', PROJECT);
  const host = await startWebHost(box);
  try {
    process.kill(host.pid, 'SIGSTOP');
    const result = await curious(box, ['build', folder]);
    expect([result.code, result.stderr]).toEqual([0, '']);
    process.kill(host.pid, 'SIGCONT');
    expect((await curious(box, ['build', folder])).stderr).toBe(HANDED);
    expect((await box.strata(['builds', '--json'])).events.map(({ state }) => state)).toEqual([
      'done',
      'done',
    ]);
  } finally {
    process.kill(host.pid, 'SIGCONT');
    expect(await host.stop()).toBe(0);
  }
});

test('a terminal with another environment builds by itself and shows no value', async ({ box }) => {
  const folder = await box.files('app', PROJECT);
  const host = await startWebHost(box, { EDITOR: 'ed' });
  try {
    const result = await curious(box, ['build', folder], { HTTPS_PROXY: 'http://me:word@proxy.example' });
    expect(result.code).toBe(0);
    expect(result.stderr).toBe('strata: not handed over to the app: other values of HTTPS_PROXY\n');
    const forced = await curious(box, ['build', folder], { STRATA_STANDALONE: '1' });
    expect([forced.code, forced.stderr]).toEqual([0, '']);
  } finally {
    expect(await host.stop()).toBe(0);
  }
});

test('a terminal of another build of Strata builds by itself', async ({ box }) => {
  const folder = await box.files('app', PROJECT);
  const copy = join(box.folder, 'copy');
  await mkdir(copy);
  await cp(join(ROOT, 'out'), join(copy, 'out'), { recursive: true });
  await symlink(join(ROOT, 'package.json'), join(copy, 'package.json'));
  const identity = /"[0-9a-f]{32}"/;
  for (const name of PROGRAMS) {
    const text = await readFile(join(copy, 'out', name), 'utf8');
    expect(text).toMatch(identity);
    await writeFile(join(copy, 'out', name), text.replace(identity, '"another"'));
  }
  const host = await startWebHost(box);
  try {
    for (const name of PROGRAMS) {
      const program = join(copy, 'out', name);
      const result = await box.strata(['build', folder], { program, env: { STRATA_DEBUG: '1' } });
      expect(result.code).toBe(0);
      expect(result.stderr).toBe('strata: not handed over to the app: it is another version of Strata\n');
      const own = await box.strata(['build', folder], {
        program: join(ROOT, 'out', name),
        env: { STRATA_DEBUG: '1' },
      });
      expect([own.code, own.stderr]).toEqual([0, HANDED]);
    }
  } finally {
    expect(await host.stop()).toBe(0);
  }
});

test('of two apps on a data folder the later one builds, and the other one when that is closed', async ({
  box,
}) => {
  const folder = await box.files('app', PROJECT);
  const first = await startWebHost(box);
  const second = await startWebHost(box);
  const owners = async () => {
    const result = await box.strata(['build', folder, '--no-cache', '--json'], {
      onOutput: () => undefined,
    });
    expect(result.code).toBe(0);
    const ids = await readdir(join(box.data, 'builds'));
    const records = await Promise.all(
      ids.map(async (id) => JSON.parse(await readFile(join(box.data, 'builds', id, 'record.json'), 'utf8'))),
    );
    const last = records.sort((a, b) => b.startedAt - a.startedAt)[0] as { owner: string };
    return Number(last.owner.split('-')[0]);
  };
  expect(await owners()).toBe(second.pid);
  expect(await second.stop()).toBe(0);
  expect(await owners()).toBe(first.pid);
  expect(await first.stop()).toBe(0);
});

test('a terminal that reads nothing holds its build up, fills no memory, and misses nothing', async ({
  box,
}) => {
  const bytes = 80_000_000;
  const folder = await box.files('app', {
    Dockerfile: `FROM busybox:1.36\nRUN yes 'a line of some length that is told again and again' | head -c ${bytes}\n`,
  });
  const host = await startWebHost(box);
  try {
    const logSize = async (): Promise<number> => {
      const [id = ''] = await readdir(join(box.data, 'builds')).catch(() => []);
      const logs = join(box.data, 'builds', id, 'steps');
      const names = await readdir(logs).catch(() => []);
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(logs, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    let told = 0;
    const building = box.strata(['build', folder], {
      onSpawn: (child) => {
        child.stdout?.on('data', (text: string) => {
          told += text.length;
        });
        child.stdout?.pause();
        const resume = async () => {
          let size = 0;
          await expect.poll(logSize).toBeGreaterThan(0);
          await expect
            .poll(
              async () => {
                const before = size;
                size = await logSize();
                return before === size;
              },
              { intervals: [1000] },
            )
            .toBe(true);
          expect(size).toBeLessThan(bytes / 4);
          child.stdout?.resume();
        };
        resume().catch(() => child.kill('SIGKILL'));
      },
    });
    const result = await building;
    expect(result.code).toBe(0);
    expect(told).toBeGreaterThan(bytes);
    expect(result.stdout).toContain('Built in');
  } finally {
    expect(await host.stop()).toBe(0);
  }
});
