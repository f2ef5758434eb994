import { chmod } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
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

test('all kinds of mounts work for a normal user, with owners of the image', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile: `FROM busybox:1.36 AS tools
RUN echo from-a-stage > /tool
FROM busybox:1.36
RUN --mount=type=bind,source=src,target=/src --mount=type=bind,from=tools,source=/tool,target=/tool \\
  cat /src/a.txt /tool > /bind
RUN --mount=type=cache,target=/kept,uid=1000,gid=1000,mode=0700 \\
  stat -c '%u:%g %a' /kept > /cache && echo kept > /kept/file
RUN --mount=type=cache,target=/kept,uid=1000,gid=1000,mode=0700 cat /kept/file >> /cache
RUN --mount=type=tmpfs,target=/memory touch /memory/x && grep -c ' /memory tmpfs' /proc/mounts > /tmpfs
RUN --mount=type=secret,id=token,uid=1000,mode=0440 \\
  stat -c '%u %a' /run/secrets/token > /secret && wc -c < /run/secrets/token >> /secret
RUN --mount=type=ssh,uid=1000 stat -c '%u %a %F' $SSH_AUTH_SOCK > /ssh
USER 1000
RUN --mount=type=ssh,uid=1000 test -w $SSH_AUTH_SOCK && for f in bind cache tmpfs secret ssh; do sed s/^/told-$f:/ /$f; done
`,
    'src/a.txt': 'of-the-context\n',
    token: 'secret',
  });
  const as = await user.enter(box);
  const socket = join(box.folder, 'agent.sock');
  const agent = createServer();
  await new Promise<void>((resolve) => agent.listen(socket, resolve));
  await chmod(socket, 0o666);
  try {
    const given = ['--secret', `id=token,src=${join(folder, 'token')}`, '--ssh', `default=${socket}`];
    const result = await box.strata(['build', folder, ...given, '--json'], as);
    expect(finished(result).error).toBeUndefined();
    const told = result.events.flatMap(({ type, text }) => (type === 'log' ? String(text) : [])).join('');
    expect(told.split('\n').filter((line) => line.startsWith('told-'))).toEqual([
      'told-bind:of-the-context',
      'told-bind:from-a-stage',
      'told-cache:1000:1000 700',
      'told-cache:kept',
      'told-tmpfs:1',
      'told-secret:1000 440',
      'told-secret:6',
      'told-ssh:1000 600 socket',
    ]);
  } finally {
    await new Promise((resolve) => agent.close(resolve));
  }
});
