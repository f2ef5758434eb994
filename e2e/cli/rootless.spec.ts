import { run } from '#electron/engine/testing/processes.ts';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { finished } from '../fixtures/events.ts';
import { makeNormalUser, type NormalUser } from '../fixtures/normal-user.ts';
import { processesWith } from '../fixtures/processes.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_USER } from '../fixtures/tools.ts';

test.skip(NO_USER !== null, NO_USER ?? '');
test.describe.configure({ mode: 'serial' });

let user: NormalUser;
test.beforeAll(async () => {
  user = await makeNormalUser();
});
test.afterAll(() => user.remove());

test('a normal user builds with RUN steps, users and owners, and pushes', async ({ box, registry }) => {
  const ref = `${registry}/rootless/shop:1`;
  const folder = await box.files('app', {
    ...NODE_PROJECT,
    Dockerfile: `FROM node:20-slim
WORKDIR /app
COPY --chown=node:node package*.json ./
RUN npm ci && id -u > who && touch /etc/made-by-root
RUN chown node:node /app && chmod 4755 /bin/busybox
USER node
RUN id -u > second && ! touch /etc/not-allowed 2>/dev/null
COPY src src
`,
  });
  const as = await user.enter(box);
  const built = finished(await box.strata(['build', folder, '-t', ref, '--json'], as));
  expect(built.error).toBeUndefined();
  const files = (await box.strata(['files', ref, '/app', '--json'], as)).events;
  const owners = Object.fromEntries(files.map((file) => [file.name, file.uid]));
  expect(owners).toMatchObject({ 'package.json': 1000, who: 0, second: 1000 });
  expect((await box.strata(['push', ref], as)).code).toBe(0);
  expect(await findFaults(box.data)).toEqual([]);

  const again = finished(await box.strata(['build', folder, '-t', ref, '--json'], as));
  expect(again.steps.map((step) => step.status)).toEqual(again.steps.map(() => 'hit'));
});

test('cancelling leaves no process of the normal user', async ({ box }) => {
  const mark = `${7200 + Math.floor(Math.random() * 1_000_000)}.5`;
  const folder = await box.files('app', {
    Dockerfile: `FROM busybox:1.36\nRUN (sleep ${mark} &); echo begun; sleep ${mark}\n`,
  });
  const as = await user.enter(box);
  const result = await box.strata(['build', folder, '--json'], {
    ...as,
    onOutput: (text, child) => {
      if (text.includes('begun\\n')) child.kill('SIGINT');
    },
  });
  expect(result.code).toBe(130);
  expect(await processesWith(mark)).toEqual([]);
});

test('the data folder of a normal user can be removed by that user', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile:
      'FROM busybox:1.36\nRUN mkdir -m 0 /closed && chown 500:500 /closed && mkdir -p /a/b && chmod 500 /a\n',
  });
  const as = await user.enter(box);
  expect((await box.strata(['build', folder, '-t', 'demo:1'], as)).code).toBe(0);
  expect((await box.strata(['rmi', 'demo:1'], as)).code).toBe(0);
  expect((await box.strata(['prune'], as)).code).toBe(0);
  const left = await run('find', [box.data, '-path', '*/lower/*', '-name', 'closed']);
  expect(left).toBe('');
});
