import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

test('the context shows what a build would read, what is left out, and what had better be', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', {
    Dockerfile: 'FROM busybox:1.36\nCOPY . .\n',
    '.dockerignore': '*.log\ndist\n',
    'debug.log': 'x'.repeat(5_000),
    'dist/app.js': 'x'.repeat(7_000),
    'assets/photo.bin': 'x'.repeat(40_000),
    'src/app.ts': 'x'.repeat(9_000),
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/objects/pack': 'x'.repeat(20_000),
    'node_modules/left-pad/index.js': 'x'.repeat(3_000),
    '.env': 'PASSWORD=hunter2\n',
    '.env.example': 'PASSWORD=\n',
    'deploy/server.pem': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    'deploy/ca.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    '.ssh/id_ed25519': 'key\n',
  });
  const { page } = app;
  await new ProjectsPage(app).openFolder(folder);
  await page.getByRole('tab', { name: 'Context' }).click();
  const pane = page.getByRole('tabpanel', { name: 'Context' });
  await expect(pane).toContainText(/Read by the build\s*12 files/);
  await expect(pane).toContainText(/Left out\s*2 files, 12\.0 KB by \.dockerignore/);
  const warnings = pane.getByRole('status');
  for (const [path, says] of [
    ['.git', 'history of the repository'],
    ['node_modules', 'let the build install its own'],
    ['.env', 'environment files often hold passwords'],
    ['deploy/server.pem', 'holds a private key'],
    ['.ssh/id_ed25519', 'may hold a private key'],
  ] as const)
    await expect(warnings.filter({ has: page.getByText(path, { exact: true }) })).toContainText(says);
  await expect(pane).not.toContainText('ca.pem would');
  await expect(pane).not.toContainText('.env.example would');
  // The value of a secret is shown nowhere.
  await expect(page.getByText('hunter2')).toHaveCount(0);
  const biggest = pane.getByRole('row');
  await expect(biggest.nth(1)).toContainText('assets');

  // What the ignore file takes out goes without a click.
  await writeFile(join(folder, '.dockerignore'), '*.log\ndist\n.git\nnode_modules\n.env\ndeploy\n.ssh\n');
  await expect(pane).toContainText(/Left out\s*9 files/);
  await expect(warnings).toHaveCount(0);
});

const CHECKED = `# syntax=docker/dockerfile:1.99
# check=experimental=all
ARG TAG=1.36
ARG EMPTY
FROM busybox:\${NOTAG} AS one
MAINTAINER somebody
FROM busybox:$EMPTY as Two
ENV KEY value
WORKDIR relative
COPY debug.log /
FROM --platform=$TARGETPLATFORM busybox:$TAG AS three
EXPOSE 80/TCP
EXPOSE 127.0.0.1:80:80
LABEL a=$UNDEFINED
FROM --platform=linux/amd64 busybox:$TAG AS three
ARG API_TOKEN
RUN true \\

  && true
CMD echo one
CMD ["echo", "two"]
FROM --platform=linux/arm64 busybox:1.36 AS four
FROM busybox:$TAG AS scratch
# Another thing altogether.
FROM busybox:$TAG AS final
copy a.txt /
`;

const RULES = [
  'StageNameCasing',
  'FromAsCasing',
  'NoEmptyContinuation',
  'ConsistentInstructionCasing',
  'DuplicateStageName',
  'ReservedStageName',
  'JSONArgsRecommended',
  'MaintainerDeprecated',
  'UndefinedArgInFrom',
  'WorkdirRelativePath',
  'UndefinedVar',
  'MultipleInstructionsDisallowed',
  'LegacyKeyValueFormat',
  'RedundantTargetPlatform',
  'SecretsUsedInArgOrEnv',
  'InvalidDefaultArgInFrom',
  'FromPlatformFlagConstDisallowed',
  'CopyIgnoredFile',
  'ExposeProtoCasing',
  'ExposeInvalidFormat',
  'InvalidDefinitionDescription',
  'InvalidBaseImagePlatform',
] as const;

test('all checks stand at their lines with rule, words, link and severity; check= and syntax= are told', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/checked', {
    Dockerfile: CHECKED,
    '.dockerignore': '*.log\n',
    'debug.log': 'x',
    'a.txt': 'a',
  });
  // Some rules look at the base, where it is in the store.
  expect((await box.strata(['pull', 'busybox:1.36'])).code).toBe(0);
  const { page } = app;
  await new ProjectsPage(app).openFolder(folder);
  const source = page.getByRole('list', { name: 'Dockerfile' });
  await page.getByRole('tab', { name: /^Checks/ }).click();
  const pane = page.getByRole('tabpanel', { name: /^Checks/ });
  for (const rule of RULES) {
    await expect(pane.getByText(rule, { exact: true }).first(), rule).toBeVisible();
    await expect(source.getByText(rule, { exact: true }).first(), rule).toBeVisible();
  }
  const workdir = source.getByRole('listitem').filter({ hasText: 'WORKDIR relative' });
  await expect(workdir).toContainText('WorkdirRelativePath');
  await expect(workdir.getByRole('link', { name: 'Read about it' }).first()).toHaveAttribute(
    'href',
    'https://docs.docker.com/go/dockerfile/rule/workdir-relative-path/',
  );
  await expect(workdir.getByLabel('Warning').first()).toBeVisible();
  await expect(source).toContainText('Noted: docker/dockerfile:1.99. Strata reads the Dockerfile by itself');
  await expect(source).toContainText('All experimental rules are checked too.');

  await test.step('check=skip and check=error', async () => {
    await writeFile(
      join(folder, 'Dockerfile'),
      '# check=skip=JSONArgsRecommended;error=true\nFROM busybox:1.36\nWORKDIR relative\nCMD echo hi\n',
    );
    await expect(source).toContainText('Left out: JSONArgsRecommended. Any finding makes the build fail.');
    await expect(pane.getByText('WorkdirRelativePath', { exact: true })).toBeVisible();
    await expect(pane.getByText('JSONArgsRecommended', { exact: true })).toHaveCount(0);
    await expect(source.getByLabel('Error').first()).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: 'Build', exact: true }).click();
    await expect(source.getByRole('alert')).toContainText(
      'The build check WorkdirRelativePath fails the build',
    );
  });
});

test('checks know the arguments of the project', async ({ app, box }) => {
  const folder = await box.files('home/args', {
    Dockerfile: 'ARG BASE\nFROM busybox:$BASE\nRUN true\n',
  });
  await mkdir(join(folder, 'x'));
  const { page } = app;
  await new ProjectsPage(app).openFolder(folder);
  const source = page.getByRole('list', { name: 'Dockerfile' });
  await expect(source.getByText('InvalidDefaultArgInFrom')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  await page.getByRole('textbox', { name: 'Value of BASE' }).fill('1.36');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await new ProjectPage(app).build();
});
