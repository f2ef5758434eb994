import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { Box } from '../fixtures/box.ts';
import { finished, planned, statuses } from '../fixtures/events.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_PASSWORDS } from '../fixtures/tools.ts';

const PROJECT = {
  Dockerfile: `FROM busybox:1.36 AS tools
WORKDIR /work
COPY lib lib
RUN cat lib/* > all.txt && date +%s%N > when.txt
FROM busybox:1.36
ARG MODE=plain
WORKDIR /app
COPY --from=tools /work/all.txt .
RUN echo $MODE > mode && date +%s%N > made
COPY src src
CMD ["cat", "made"]
`,
  'lib/a.txt': 'a\n',
  'lib/b.txt': 'b\n',
  'src/main.txt': 'main\n',
};

/** A second machine: another data folder, and the project checked out anew. */
async function otherMachine(box: Box, registry: string, use: (other: Box) => Promise<void>): Promise<void> {
  const other = await Box.make(registry);
  try {
    await cp(join(box.folder, 'app'), join(other.folder, 'app'), { recursive: true });
    await run('find', [join(other.folder, 'app'), '-exec', 'touch', '-d', '2020-02-02', '{}', '+']);
    await use(other);
  } finally {
    await other.remove();
  }
}

test('another machine takes every step, RUN too, from what the first one built', async ({
  box,
  registry,
}) => {
  const ref = `${registry}/cache/shop:main`;
  const folder = await box.files('app', PROJECT);
  const built = finished(
    await box.strata([
      'build',
      folder,
      '-t',
      'shop',
      '--cache-to',
      `type=registry,ref=${ref},mode=max`,
      '--json',
    ]),
  );
  expect(built.error).toBeUndefined();
  await otherMachine(box, registry, async (other) => {
    const app = join(other.folder, 'app');
    // Where a base is not here, a prediction does not know what stands on it.
    await other.strata(['pull', 'busybox:1.36']);
    const foreseen = planned(await other.strata(['build', app, '--cache-from', ref, '--plan', '--json']));
    const again = finished(await other.strata(['build', app, '--cache-from', ref, '--json']));
    expect(statuses(again).filter((status) => !status.startsWith('hit'))).toEqual([]);
    expect(again.digest).toBe(built.digest);
    const runs = again.steps.filter(({ instruction }) => instruction.startsWith('RUN'));
    for (const { reasons } of runs)
      expect(reasons).toEqual([
        {
          kind: 'shared-cache',
          detail: expect.stringMatching(/^From the shared cache .*shop:main, built by /),
        },
      ]);
    expect(foreseen.map(({ predicted }) => predicted)).toEqual(foreseen.map(() => 'hit'));
    expect(await findFaults(other.data)).toEqual([]);

    await writeFile(join(app, 'src/main.txt'), 'changed\n');
    await rm(join(other.data, 'cache'), { recursive: true });
    const changed = finished(await other.strata(['build', app, '--cache-from', ref, '--json']));
    const missed = changed.steps.filter(({ status }) => status === 'miss');
    expect(missed.map(({ instruction }) => instruction)).toEqual(['COPY src src', 'CMD ["cat", "made"]']);
    expect(missed[0]?.reasons).toMatchObject([{ kind: 'files-changed', paths: ['src/main.txt'] }]);

    const edited = finished(
      await other.strata(['build', app, '--cache-from', ref, '--build-arg', 'MODE=loud', '--json']),
    );
    const loud = edited.steps.find(({ instruction }) => instruction.startsWith('RUN echo'));
    expect(loud?.reasons[0]?.kind).toBe('argument-changed');
  });
});

test('a machine that copied the files itself, with other times, still takes what others ran over them', async ({
  box,
  registry,
}) => {
  const ref = `${registry}/cache/own-times:main`;
  const folder = await box.files('app', {
    Dockerfile:
      'FROM busybox:1.36\nCOPY src /src\nWORKDIR /made\nRUN date +%s%N > when\nCOPY late /late\nRUN date +%s%N > later\n',
    'src/a.txt': 'a',
    late: 'l',
  });
  const exported = ['--cache-to', ref];
  await otherMachine(box, registry, async (other) => {
    const app = join(other.folder, 'app');
    const dockerfile = await readFile(join(app, 'Dockerfile'), 'utf8');
    // Its own COPY comes first, before anybody else built anything.
    await writeFile(join(app, 'Dockerfile'), dockerfile.split('\n').slice(0, 2).join('\n'));
    await other.strata(['build', app]);
    await writeFile(join(app, 'Dockerfile'), dockerfile);
    await box.strata(['build', folder, '-t', 'own:1', ...exported]);
    const built = finished(await other.strata(['build', app, '-t', 'own:1', '--cache-from', ref, '--json']));
    expect(statuses(built).filter((status) => !status.startsWith('hit'))).toEqual([]);
    const kinds = built.steps.map(({ reasons }) => reasons.map(({ kind }) => kind).join());
    expect(kinds).toEqual(['', '', 'shared-cache', 'shared-cache', 'shared-cache', 'shared-cache']);
    const paths = (await other.strata(['files', 'own:1', '/made', '--json'])).events.map(({ name }) => name);
    expect(paths).toEqual(expect.arrayContaining(['when', 'later']));
    expect(await findFaults(other.data)).toEqual([]);
  });
});

test('a cache behind a sign-in is refused with a warning, and used once signed in', async ({
  box,
  registry,
}) => {
  test.skip(NO_PASSWORDS !== null, NO_PASSWORDS ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'strata-e2e-cache-'));
  let closed: RealRegistry | null = null;
  try {
    const htpasswd = join(folder, 'htpasswd');
    await writeFile(htpasswd, await run('htpasswd', ['-nbB', 'ada', 'correct horse']));
    closed = await startRealRegistry({ htpasswd });
    const ref = `${closed.host}/team/cache:main`;
    const app = await box.files('app', PROJECT);
    const build = (...more: string[]) => box.strata(['build', app, ...more, '--json']);

    const refused = await build('--cache-to', `${ref}`);
    expect(refused.code).toBe(0);
    expect(refused.stdout).toContain(`the shared cache ${ref} could not be written`);
    const strict = await build('--cache-to', `ref=${ref},ignore-error=false`);
    expect(strict.code).toBe(1);
    expect(finished(strict).error?.code).toBe('unauthorized');

    const login = ['login', closed.host, '-u', 'ada', '--password-stdin'];
    expect((await box.strata(login, { input: 'correct horse\n' })).code).toBe(0);
    expect((await build('--cache-to', `ref=${ref},mode=max`)).stdout).toContain(
      `Wrote the shared cache ${ref}`,
    );
    await otherMachine(box, registry, async (other) => {
      const there = ['build', join(other.folder, 'app'), '--cache-from', ref, '--json'];
      const without = await other.strata(there);
      expect(without.stdout).toContain(`Warning: the shared cache ${ref} is not used`);
      expect(finished(without).error).toBeUndefined();
      await rm(join(other.data, 'cache'), { recursive: true });
      expect((await other.strata(login, { input: 'correct horse\n' })).code).toBe(0);
      const used = finished(await other.strata(there));
      expect(statuses(used).filter((status) => !status.startsWith('hit'))).toEqual([]);
    });
  } finally {
    await closed?.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a registry that is gone gives a warning and a normal build; the prediction says what it cannot know', async ({
  box,
}) => {
  const gone = await startRealRegistry();
  await gone.close();
  const ref = `${gone.host}/team/cache:main`;
  const app = await box.files('app', PROJECT);
  const built = await box.strata(['build', app, '--cache-from', ref, '--cache-to', ref, '--json']);
  expect(built.code).toBe(0);
  expect(built.stdout).toContain(`Warning: the shared cache ${ref} is not used`);
  expect(built.stdout).toContain(`Warning: the shared cache ${ref} could not be written`);
  await writeFile(join(app, 'lib/a.txt'), 'other\n');
  const foreseen = planned(await box.strata(['build', app, '--cache-from', ref, '--plan', '--json']));
  const copy = foreseen.find(({ instruction }) => instruction === 'COPY lib lib');
  expect(copy?.predicted).toBe('unknown');
  expect(copy?.reasons.map(({ kind }) => kind)).toEqual(['files-changed', 'shared-cache-unknown']);
});

test('a folder serves as a shared cache, and kinds of other tools are refused by name', async ({
  box,
  registry,
}) => {
  const app = await box.files('app', PROJECT);
  const dest = join(box.folder, 'kept');
  await box.strata(['build', app, '--cache-to', 'type=local,dest=kept,mode=max']);
  expect(JSON.parse(await readFile(join(dest, 'index.json'), 'utf8')).manifests).toHaveLength(1);
  await otherMachine(box, registry, async (other) => {
    const from = `type=local,src=${dest}`;
    const again = finished(
      await other.strata(['build', join(other.folder, 'app'), '--cache-from', from, '--json']),
    );
    expect(statuses(again).filter((status) => !status.startsWith('hit'))).toEqual([]);
  });
  for (const type of ['inline', 'gha']) {
    const refused = await box.strata(['build', app, '--cache-to', `type=${type}`]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`type=${type}`);
  }
});
