import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { finished, statuses } from '../fixtures/events.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';

const PROJECT = {
  Dockerfile: `FROM busybox:1.36 AS build
COPY src /src
RUN --mount=type=cache,target=/kept date > /kept/when; cat /src/* > /out.txt && date +%s%N > /when.txt
FROM busybox:1.36
COPY --from=build /out.txt /
`,
  'src/a.txt': 'a\n',
};
const missed = (result: Parameters<typeof finished>[0]) =>
  statuses(finished(result)).filter((status) => !status.startsWith('hit'));

test('a clean-up leaves the cached steps of recent builds, those of other stages too', async ({ box }) => {
  const app = await box.files('app', PROJECT);
  const build = () => box.strata(['build', app, '-t', 'demo:1', '--json']);
  await build();
  const pruned = await box.strata(['prune']);
  expect(pruned.stdout).not.toContain('cache mount');
  expect(missed(await build())).toEqual([]);
  expect(await findFaults(box.data)).toEqual([]);
});

test('what was not used for long goes, and the reason says when and by what', async ({ box }) => {
  const app = await box.files('app', PROJECT);
  const build = () => box.strata(['build', app, '-t', 'demo:1', '--json']);
  await build();
  await run('find', [
    join(box.data, 'cache/steps'),
    '-type',
    'f',
    '-exec',
    'touch',
    '-d',
    '20 days ago',
    '{}',
    '+',
  ]);
  expect((await box.strata(['prune'])).stdout).toMatch(/2 cached steps/);
  const again = finished(await build());
  const reasons = again.steps.filter(({ status }) => status === 'miss').map((step) => step.reasons[0]);
  expect(reasons[0]).toMatchObject({
    kind: 'evicted',
    detail: expect.stringMatching(
      /removed by a clean-up \(of no recent build, or not used for 14 days\) on \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    ),
  });
  expect(again.steps.at(-1)?.status).toBe('hit');
});

test('all of the cache goes when asked for, or what is too old or too much', async ({ box }) => {
  const app = await box.files('app', PROJECT);
  const build = () => box.strata(['build', app, '-t', 'demo:1', '--json']);
  for (const options of [['--all'], ['--filter', 'until=0'], ['--keep-storage', '1']]) {
    await build();
    expect((await box.strata(['prune', ...options])).code).toBe(0);
    const reasons = finished(await build()).steps.flatMap((step) => step.reasons);
    expect(
      reasons.map(({ kind }) => kind),
      options.join(' '),
    ).toContain('evicted');
  }
  expect((await box.strata(['prune', '--filter', 'label=x'])).code).toBe(2);
  expect((await box.strata(['prune', '--all', '--keep-storage', '1GB'])).code).toBe(2);
});
