import { appendFile, chmod, chown, link, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { COURSE, NODE_PROJECT } from '../fixtures/course.ts';
import { type Docker, startDocker } from '../fixtures/docker.ts';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_DOCKER } from '../fixtures/tools.ts';

test.skip(NO_DOCKER !== null, NO_DOCKER ?? '');
test.describe.configure({ mode: 'serial', timeout: 120_000 });

let docker: Docker;
test.beforeAll(async () => {
  docker = await startDocker();
});
test.afterAll(async () => {
  await docker?.remove();
});

test('Docker pulls what Strata pushed, and a container started from it runs', async ({ box, registry }) => {
  const ref = `${registry}/for-docker/site:1`;
  const folder = await box.files('site', COURSE[0]?.files ?? {});
  const { digest, imageId } = finished(await box.strata(['build', folder, '-t', ref, '--json']));
  await box.strata(['push', ref]);

  expect(await docker.docker('pull', ref)).toContain(digest);
  expect((await docker.docker('image', 'inspect', '--format', '{{.Id}}', ref)).trim()).toBe(imageId);
  const id = (await docker.docker('run', '--detach', ref)).trim();
  await expect
    .poll(() => docker.docker('exec', id, 'wget', '-qO-', 'http://127.0.0.1/').catch(String))
    .toContain('<h1>Hello</h1>');
  await docker.docker('rm', '--force', id);
});

test('what RUN steps made is there with owners and modes when Docker runs it', async ({ box, registry }) => {
  const ref = `${registry}/for-docker/tree:1`;
  const folder = await box.files('tree', {
    Dockerfile: `FROM busybox:1.36
WORKDIR /app
COPY --chown=1000:1000 --chmod=640 a.txt ./
RUN ln a.txt hard && ln -s a.txt soft && mkdir -m 1777 open && rm /etc/group
RUN rm -r open && mkdir open && echo new > open/new
USER 1000:1000
ENV GREETING="good day"
ENTRYPOINT ["sh", "-c"]
CMD ["stat -c '%n %u:%g %a %h' a.txt hard; readlink soft; ls open; ls /etc; echo $GREETING; id -u"]
`,
    'a.txt': 'a',
  });
  expect((await box.strata(['build', folder, '-t', ref])).code).toBe(0);
  await box.strata(['push', ref]);
  await docker.docker('pull', '--quiet', ref);
  const told = await docker.docker('run', '--rm', '--network', 'none', ref);
  const lines = told.trim().split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'a.txt 1000:1000 640 2',
      'hard 1000:1000 640 2',
      'a.txt',
      'new',
      'good day',
      '1000',
    ]),
  );
  expect(lines).not.toContain('group');
});

test('an archive of either format is read by docker load', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile: 'FROM busybox:1.36\nCOPY a /a\nCMD ["cat", "/a"]\n',
    a: 'loaded',
  });
  const { imageId } = finished(await box.strata(['build', folder, '-t', 'archive:1', '--json']));
  const archive = join(box.folder, 'docker.tar');
  await box.strata(['save', 'archive:1', '-o', archive, '--format', 'docker']);
  expect(await docker.docker('load', '--input', archive)).toContain('archive:1');
  expect((await docker.docker('image', 'inspect', '--format', '{{.Id}}', 'archive:1')).trim()).toBe(imageId);
  expect(await docker.docker('run', '--rm', '--network', 'none', 'archive:1')).toBe('loaded');
});

test('--engine docker builds there, with steps, cache and results as the built-in engine tells them', async ({
  box,
  registry,
}) => {
  await docker.docker('pull', '--quiet', `${registry}/library/node:20-slim`);
  await docker.docker('tag', `${registry}/library/node:20-slim`, 'node:20-slim');
  const env = { DOCKER_HOST: docker.host };
  const folder = await box.files('app', NODE_PROJECT);
  const build = ['build', folder, '-t', 'by-docker:1', '--engine', 'docker', '--json'];
  const first = finished(await box.strata(build, { env }));
  expect(first.error).toBeUndefined();
  expect(first.steps.map((step) => step.instruction)).toContain('RUN npm ci');
  expect((await docker.docker('image', 'inspect', '--format', '{{.Id}}', 'by-docker:1')).trim()).toBe(
    first.imageId,
  );

  const second = finished(await box.strata(build, { env }));
  expect(second.imageId).toBe(first.imageId);
  expect(second.steps.map((step) => step.status)).not.toContain('miss');

  await appendFile(join(folder, 'src/server.js'), '// more\n');
  const third = finished(await box.strata(build, { env }));
  const rebuilt = third.steps.filter((step) => step.status === 'miss').map((step) => step.instruction);
  expect(rebuilt).toEqual(['COPY . .', 'CMD ["node", "src/server.js"]']);

  await box.files('app', { Dockerfile: 'FROM node:20-slim\nRUN exit 7\n' });
  const failed = await box.strata(build, { env });
  expect(failed.code).toBe(1);
  expect(finished(failed)).toMatchObject({ ok: false, error: { code: 'step-failed' } });
});

test('--engine docker builds what standard input gives', async ({ box, registry }) => {
  await docker.docker('pull', '--quiet', `${registry}/library/busybox:1.36`);
  await docker.docker('tag', `${registry}/library/busybox:1.36`, 'busybox:1.36');
  const env = { DOCKER_HOST: docker.host };
  const folder = await box.files('app', { a: 'A' });
  const args = ['build', folder, '-f', '-', '-t', 'piped:1', '--engine', 'docker', '--json'];
  const input = 'FROM busybox:1.36\nCOPY a /a\nCMD ["cat", "/a"]\n';
  expect(finished(await box.strata(args, { env, input })).error).toBeUndefined();
  expect(await docker.docker('run', '--rm', '--network', 'none', 'piped:1')).toBe('A');
  const alone = ['build', '-', '-t', 'piped:2', '--engine', 'docker', '--json'];
  const built = finished(await box.strata(alone, { env, input: 'FROM busybox:1.36\nENV A=1\n' }));
  expect(built.error).toBeUndefined();

  // The ignore file of a context that was not a folder here is one of its files.
  const Dockerfile = 'FROM busybox:1.36\nCOPY . /c/\nCMD ["ls", "-A", "/c"]\n';
  const whole = await box.files('whole', { Dockerfile, '.dockerignore': 'kept\n', kept: 'K' });
  await run('tar', ['-cf', join(box.folder, 'whole.tar'), '-C', whole, '.']);
  const piped = await readFile(join(box.folder, 'whole.tar'), 'utf8');
  const archive = ['build', '-', '-t', 'piped:3', '--engine', 'docker', '--json'];
  expect(finished(await box.strata(archive, { env, input: piped })).error).toBeUndefined();
  const listed = await docker.docker('run', '--rm', '--network', 'none', 'piped:3');
  expect(listed.trim().split('\n').sort()).toEqual(['.dockerignore', 'Dockerfile', 'kept']);
});

test('--engine docker gets an archive with the owners, modes, times and links it came with', async ({
  box,
  registry,
}) => {
  await docker.docker('pull', '--quiet', `${registry}/library/busybox:1.36`);
  await docker.docker('tag', `${registry}/library/busybox:1.36`, 'busybox:1.36');
  const show = 'cd /c; stat -c "%n %F %a %u:%g %Y" * d/*; [ a -ef twin ] && echo linked';
  const Dockerfile = `FROM busybox:1.36\nCOPY . /c/\nRUN rm /c/Dockerfile\nCMD ${JSON.stringify(['sh', '-c', show])}\n`;
  const folder = await box.files('owned', { Dockerfile, a: 'A', 'd/b': 'B' });
  await link(join(folder, 'a'), join(folder, 'twin'));
  for (const [path, mode] of [
    ['a', 0o4750],
    ['d/b', 0o600],
    ['d', 0o2711],
  ] as const) {
    await chown(join(folder, path), 5, 6);
    await chmod(join(folder, path), mode);
    await utimes(join(folder, path), 1_000_000_000, 1_000_000_000);
  }
  const archive = join(box.folder, 'owned.tar');
  await run('tar', ['-cf', archive, '--numeric-owner', '-C', folder, '.']);
  const env = { DOCKER_HOST: docker.host };
  const words = ['build', '-', '-t', 'owned:1', '--engine', 'docker', '--json', '--no-cache'];
  const input = await readFile(archive, 'utf8');
  expect(finished(await box.strata(words, { env, input })).error).toBeUndefined();
  const shown = await docker.docker('run', '--rm', '--network', 'none', 'owned:1');
  expect(shown.trim().split('\n')).toEqual([
    'a regular file 4750 5:6 1000000000',
    // Engines of this age give a folder the time at which they filled it.
    expect.stringMatching(/^d directory 2711 5:6 /),
    'twin regular file 4750 5:6 1000000000',
    'd/b regular file 600 5:6 1000000000',
    'linked',
  ]);
});

test('without an engine --engine docker says what to do', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM scratch\nCOPY a /\n', a: '' });
  const result = await box.strata(['build', folder, '--engine', 'docker', '--json']);
  expect(result.code).toBe(1);
  const last = (result.events.at(-1)?.error ?? result.events.at(-1)) as Record<string, string>;
  expect(last.code).toBe('engine-unavailable');
  expect(last.hint).toBeTruthy();
});
