import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

interface BadProject {
  readonly what: string;
  readonly dockerfile: string;
  /** Words that must be seen. */
  readonly says: RegExp;
  /** The error is known before any build. */
  readonly atOnce?: boolean;
}

const BAD: readonly BadProject[] = [
  {
    what: 'an unknown instruction',
    dockerfile: 'FROM busybox:1.36\nCOPPY a b\n',
    says: /"COPPY" is not an instruction/,
    atOnce: true,
  },
  {
    what: 'an unterminated heredoc',
    dockerfile: 'FROM busybox:1.36\nRUN <<END\ntrue\n',
    says: /"END" is not closed/,
    atOnce: true,
  },
  {
    what: 'a missing file',
    dockerfile: 'FROM busybox:1.36\nCOPY absent.txt /\n',
    says: /"absent.txt" is not in the build context/,
    atOnce: true,
  },
  {
    what: 'a RUN that fails',
    dockerfile: 'FROM busybox:1.36\nRUN echo no luck; exit 3\n',
    says: /ended with exit code 3/,
  },
  {
    what: 'stages that need each other',
    dockerfile: 'FROM busybox:1.36 AS a\nCOPY --from=b /x /x\nFROM a AS b\n',
    says: /needs itself/,
    atOnce: true,
  },
  {
    what: 'a registry that is down',
    dockerfile: 'FROM 127.0.0.1:1/base:1\nRUN true\n',
    says: /127\.0\.0\.1:1 does not accept connections/,
  },
];

for (const { what, dockerfile, says, atOnce } of BAD) {
  test(`shows ${what} in plain words and builds once it is mended`, async ({ app, box }) => {
    const folder = await box.files('home/bad', { Dockerfile: dockerfile });
    const project = new ProjectPage(app);
    await new ProjectsPage(app).openFolder(folder);
    const main = app.page.getByRole('main');
    if (!atOnce) await project.buildButton.click();
    await expect(main.getByText(says).first()).toBeVisible({ timeout: 20_000 });

    await writeFile(join(folder, 'Dockerfile'), 'FROM busybox:1.36\nLABEL mended=yes\n');
    await expect(project.line(2)).toHaveAccessibleName(/LABEL mended=yes/);
    await project.build();
    await expect(main.getByText(says)).toHaveCount(0);
  });
}

test('a failed RUN shows its error at its line and its output beside it', async ({ app, box }) => {
  const folder = await box.files('home/bad', {
    Dockerfile:
      'FROM busybox:1.36\nRUN echo fine\nRUN echo "no such package: lft-pad" >&2; exit 3\nRUN echo never\n',
  });
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.buildButton.click();
  await project.expectStates({ 2: 'built', 3: /failed/ });
  await expect(project.log).toContainText('no such package: lft-pad');
  await expect(app.page.getByRole('list', { name: 'Dockerfile' })).toContainText('ended with exit code 3');
});

test('a folder without a Dockerfile says so and takes one that is written later', async ({ app, box }) => {
  const folder = await box.files('home/plain', { 'readme.txt': 'nothing to build' });
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await expect(app.page.getByRole('alert')).toContainText('There is no Dockerfile in');
  await writeFile(join(folder, 'Dockerfile'), 'FROM busybox:1.36\nCOPY . /app\n');
  await project.expectStates({ 2: 'predicted: will build' });
});

test('a project whose folder is gone stays in the list and can be removed', async ({ app, box }) => {
  const folder = await box.files('home/gone', { Dockerfile: 'FROM scratch\n' });
  await new ProjectsPage(app).openFolder(folder);
  await rename(folder, `${folder}-moved`);
  await app.go('Projects');
  await app.page.reload();
  const main = app.page.getByRole('main');
  await expect(main.getByRole('listitem').filter({ hasText: 'gone' })).toContainText('The folder is gone');
  await main.getByRole('button', { name: 'More for gone' }).click();
  await app.page.getByRole('menuitem', { name: /Remove/ }).click();
  await app.dialog('Remove gone from the list?').getByRole('button', { name: 'Remove' }).click();
  await expect(app.page.getByRole('heading', { name: 'Build your first image' })).toBeVisible();
});
