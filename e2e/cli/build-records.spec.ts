import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';

test('builds are kept: listed, shown, compared, traced and removed', async ({ box }) => {
  const folder = await box.files('app', NODE_PROJECT);
  await box.strata(['build', folder, '-t', 'app:1']);
  await appendFile(join(folder, 'src/server.js'), '// one more line\n');
  await box.strata(['build', folder, '-t', 'app:1']);
  const list = (await box.strata(['builds', '--json'])).events;
  expect(list).toMatchObject([
    { name: 'app', state: 'done', steps: 6, hits: 4, tags: ['app:1'] },
    { name: 'app', state: 'done', steps: 6, hits: 0 },
  ]);
  const [after = '', before = ''] = list.map((build) => String(build.id));

  const shown = await box.strata(['builds', 'show', after]);
  expect(shown.stdout).toContain('src/server.js changed.');
  const log = await box.strata(['builds', 'log', before, '3']);
  expect(log.stdout).toContain('added');

  const [comparison] = (await box.strata(['builds', 'compare', before, after, '--json'])).events;
  const steps = comparison?.steps as { layer: string; change: string }[];
  expect(comparison).toMatchObject({ sameImage: false, sameDockerfile: true, options: [] });
  expect(steps.map(({ layer }) => layer)).toEqual(['none', 'same', 'same', 'same', 'changed', 'none']);
  expect((await box.strata(['builds', 'compare', before, after])).stdout).toContain('cached');

  const traced = await box.strata(['builds', 'trace', before, '-o', 'build.trace.json']);
  expect(traced.code).toBe(0);
  const trace = JSON.parse(await readFile(join(box.folder, 'build.trace.json'), 'utf8'));
  const events = trace.traceEvents.filter((event: { ph: string }) => event.ph === 'X');
  expect(events).toHaveLength(6);
  expect(events.every(({ ts, dur }: { ts: number; dur: number }) => ts >= 0 && dur >= 0)).toBe(true);

  const otlp = await box.strata(['builds', 'trace', before, '--format', 'otlp', '-o', 'otlp.json']);
  expect(otlp.stdout).toContain('/v1/traces');
  const { resourceSpans } = JSON.parse(await readFile(join(box.folder, 'otlp.json'), 'utf8'));
  // The build, its one stage and its steps.
  expect(resourceSpans[0].scopeSpans[0].spans).toHaveLength(8);
  expect((await box.strata(['builds', 'trace', before, '--format', 'x', '-o', 'x.json'])).code).toBe(2);

  expect((await box.strata(['builds', 'rm', before])).code).toBe(0);
  expect((await box.strata(['builds', 'show', before])).code).toBe(1);
  expect((await box.strata(['builds', '--json'])).events).toHaveLength(1);
});

test('only as many builds are kept as the settings say', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
  for (let i = 0; i < 3; i += 1) await box.strata(['build', folder]);
  await box.settings({ keepBuilds: 2 });
  expect((await box.strata(['builds', '--json'])).events).toHaveLength(2);
});

test('verify finds a reproducible build equal, and names what differs in another', async ({ box }) => {
  const folder = await box.files('app', NODE_PROJECT);
  const equal = await box.strata(['verify', folder, '--reproducible', '--json']);
  expect(equal.code).toBe(0);
  expect(equal.events.at(-1)).toMatchObject({ type: 'finished', ok: true, steps: [], config: [] });
  expect((await box.strata(['images', '--json'])).events.map(({ names }) => names)).not.toContainEqual([
    'app',
  ]);

  await appendFile(join(folder, 'Dockerfile'), 'RUN cat /proc/sys/kernel/random/uuid > /random-id\n');
  const different = await box.strata(['verify', folder, '--reproducible']);
  expect(different.code).toBe(1);
  expect(different.stdout).toContain('/random-id  other content of 37 bytes');
});

test('advice counts what the order of the Dockerfile cost', async ({ box }) => {
  const folder = await box.files('app', {
    ...NODE_PROJECT,
    Dockerfile: 'FROM node:20-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "src/server.js"]\n',
  });
  for (let i = 0; i < 3; i += 1) {
    finished(await box.strata(['build', folder, '--json']));
    await appendFile(join(folder, 'src/server.js'), '// one more line\n');
  }
  const { events, code } = await box.strata(['advice', folder, '--json']);
  expect(code).toBe(0);
  expect(events[0]).toMatchObject({
    type: 'advice',
    kind: 'order',
    title: 'COPY . . stands before RUN npm ci',
    rebuilds: 2,
    line: 3,
  });
  expect((await box.strata(['advice', folder])).stdout).toContain(
    'In your last 3 builds that cost 2 rebuilds',
  );
});
