import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { finished, planned, statuses } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';

const HIT = [
  'hit FROM node:20-slim',
  'hit WORKDIR /app',
  'hit COPY package*.json ./',
  'hit RUN npm ci',
  'hit COPY . .',
  'hit CMD ["node", "src/server.js"]',
];

test('takes every step from the cache when nothing changed', async ({ box }) => {
  const folder = await box.files('app', NODE_PROJECT);
  const first = finished(await box.strata(['build', folder, '--json']));
  expect(first.steps.every((step) => step.status === 'miss')).toBe(true);
  const second = finished(await box.strata(['build', folder, '--json']));
  expect(statuses(second)).toEqual(HIT);
  expect(second.digest).toBe(first.digest);
});

test('rebuilds exactly the steps after a changed source line and names the file', async ({ box }) => {
  const folder = await box.files('app', NODE_PROJECT);
  await box.strata(['build', folder]);
  await appendFile(join(folder, 'src/server.js'), '// one more line\n');
  const foreseen = planned(await box.strata(['build', folder, '--plan', '--json']));
  const { steps } = finished(await box.strata(['build', folder, '--json']));

  expect(statuses({ steps })).toEqual([
    ...HIT.slice(0, 4),
    'miss COPY . .',
    'miss CMD ["node", "src/server.js"]',
  ]);
  expect(steps[4]?.reasons).toMatchObject([{ kind: 'files-changed', paths: ['src/server.js'] }]);
  expect(steps[5]?.reasons).toMatchObject([{ kind: 'parent-rebuilt' }]);
  expect(foreseen.map((step) => step.predicted)).toEqual(steps.map((step) => step.status));
  expect(foreseen.map((step) => step.reasons)).toEqual(steps.map((step) => step.reasons));
});

test('tells added and removed files from changed ones', async ({ box }) => {
  const folder = await box.files('app', NODE_PROJECT);
  await box.strata(['build', folder]);
  await rm(join(folder, 'src/prices.js'));
  await writeFile(join(folder, 'src/basket.js'), '');
  const { steps } = finished(await box.strata(['build', folder, '--json']));
  const detail = steps[4]?.reasons.map((reason) => reason.detail).join(' ');
  expect(detail).toMatch(/src\/basket\.js.*added/);
  expect(detail).toMatch(/src\/prices\.js.*removed/);
});

test('a file that the ignore file names rebuilds nothing', async ({ box }) => {
  const folder = await box.files('app', NODE_PROJECT);
  await box.strata(['build', folder]);
  await appendFile(join(folder, 'debug.log'), 'more\n');
  expect(statuses(finished(await box.strata(['build', folder, '--json'])))).toEqual(HIT);
});

test('an edited instruction and a changed argument are named as the reason', async ({ box }) => {
  const dockerfile = 'FROM busybox:1.36\nARG VERSION=1\nRUN echo $VERSION > /v\nLABEL a=b\n';
  const folder = await box.files('app', { Dockerfile: dockerfile });
  await box.strata(['build', folder]);

  const args = ['build', folder, '--json', '--build-arg', 'VERSION=2'];
  const argument = finished(await box.strata(args)).steps.find(({ line }) => line === 3);
  expect(argument).toMatchObject({ status: 'miss', reasons: [{ kind: 'argument-changed' }] });
  expect(argument?.reasons[0]?.detail).toContain('VERSION');

  await writeFile(join(folder, 'Dockerfile'), dockerfile.replace('> /v', '> /version'));
  const edited = finished(await box.strata(['build', folder, '--json'])).steps.find(({ line }) => line === 3);
  expect(edited).toMatchObject({ status: 'miss', reasons: [{ kind: 'instruction-changed' }] });
});

test('--no-cache builds every step anew and says so', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nRUN date > /now\n' });
  await box.strata(['build', folder]);
  const { steps } = finished(await box.strata(['build', folder, '--no-cache', '--json']));
  expect(steps.at(-1)).toMatchObject({ status: 'miss', reasons: [{ kind: 'cache-off' }] });
});

test('--plan builds nothing and needs no earlier build', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'a' });
  const result = await box.strata(['build', folder, '-t', 'demo:1', '--plan', '--json']);
  expect(result.code).toBe(0);
  expect(planned(result).map((step) => step.predicted)).toEqual(['miss', 'miss']);
  expect((await box.strata(['images', '--json'])).events).toEqual([]);
});

test('-q prints only the digest; of a build that fails what its step said, on standard error', async ({
  box,
}) => {
  const folder = await box.files('app', {
    Dockerfile: 'FROM busybox:1.36\nRUN echo loud && echo 1 > /one\n',
  });
  const quiet = await box.strata(['build', folder, '-q']);
  expect(quiet.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  expect(quiet.stdout.trim()).toBe(finished(await box.strata(['build', folder, '--json'])).digest);

  await writeFile(join(folder, 'Dockerfile'), 'FROM busybox:1.36\nRUN echo no such luck; exit 3\n');
  const failed = await box.strata(['build', folder, '--quiet']);
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toContain('no such luck');
});
