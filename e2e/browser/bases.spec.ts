import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Box } from '../fixtures/box.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { finished } from '../fixtures/events.ts';
import { NO_BROWSER, NO_OTHER_TOOLS } from '../fixtures/tools.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

const missing = NO_BROWSER ?? NO_OTHER_TOOLS;
test.skip(missing !== null, missing ?? '');

test('a floating base is marked, pinned after a look at the change, and unpinned again', async ({
  app,
  box,
  registry,
}) => {
  const base = `${registry}/floats/base`;
  const digest = await pushBase(box, `${base}:latest`, 'one');
  const text = [
    '# which base?\r',
    'ARG VERSION=latest\r',
    `FROM ${base} \\\r`,
    '  # nothing more\r',
    '  AS run\r',
    `FROM ${base}:$VERSION\r`,
    'COPY --from=run /a /b\r',
    '',
  ].join('\n');
  const dockerfile = await project(box, text);
  await new ProjectsPage(app).openFolder(dirname(dockerfile));
  const source = new ProjectPage(app);
  await expect(source.notes(3)).toContainText('No tag is written');
  await expect(source.notes(6)).toContainText('A variable names it');
  await expect(app.page.getByRole('button', { name: /^Pin .* in line 6$/ }).first()).toHaveAttribute(
    'aria-disabled',
    'true',
  );

  await app.page
    .getByRole('button', { name: `Pin ${base} in line 3` })
    .first()
    .click();
  const dialog = app.dialog(/^Pin /);
  const change = dialog.getByRole('figure', { name: 'Change of line 3' });
  await expect(change).toContainText(`FROM ${base} \\`);
  await expect(change).toContainText(`FROM ${base}:latest@${digest} \\`);
  expect(await readFile(dockerfile, 'utf8')).toBe(text);
  await dialog.getByRole('button', { name: 'Write into the Dockerfile' }).click();
  await expect(dialog).toBeHidden();
  expect(await readFile(dockerfile, 'utf8')).toBe(text.replace(`${base} \\`, `${base}:latest@${digest} \\`));
  await expect(source.notes(3)).toBeHidden();

  await app.notices.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => readFile(dockerfile, 'utf8')).toBe(text);
  await expect(source.notes(3)).toContainText('No tag is written');
});

test('a newer base is found without a pull, for FROM and COPY --from, and pinned', async ({
  app,
  box,
  registry,
}) => {
  const base = `${registry}/renewed/base:1`;
  const older = await pushBase(box, base, 'one');
  const tool = `${registry}/renewed/tool:1@${older}`;
  await box.strata(['push', base, '--to', `${registry}/renewed/tool:1`]);
  const newer = await pushBase(box, base, 'two', 'other');
  await box.strata(['push', 'other:1', '--to', `${registry}/renewed/tool:1`, '--move-tag']);
  await box.strata(['untag', 'other:1']);
  const dockerfile = await project(box, `FROM ${base}\nCOPY --from=${tool} /a /b\nFROM ${base}\n`);
  await new ProjectsPage(app).openFolder(dirname(dockerfile));
  await app.page.getByRole('tab', { name: /^Bases/ }).click();
  const bases = app.page.getByRole('list', { name: 'Images from elsewhere' }).last();
  // One card an image, with each line that takes it.
  const lines = bases.getByRole('list', { name: /^Lines that use/ });
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toHaveText(/Line 1.*Line 3/);
  await app.page.getByRole('button', { name: 'Is there a newer base?' }).click();
  await expect(bases.getByText('newer at its registry')).toHaveCount(2);
  // Nothing was pulled for it.
  const [there] = (await box.strata(['inspect', base, '--json'])).events;
  expect(there?.manifestDigest).toBe(older);

  await bases.getByRole('button', { name: /in line 2$/ }).click();
  const dialog = app.dialog(/^Pin /);
  await dialog.getByRole('button', { name: 'Write into the Dockerfile' }).click();
  await expect(dialog).toBeHidden();
  expect(await readFile(dockerfile, 'utf8')).toBe(
    `FROM ${base}\nCOPY --from=${registry}/renewed/tool:1@${newer} /a /b\nFROM ${base}\n`,
  );
  await expect(bases).toContainText('Its tag still names what is pinned');
});

test('a file that changed after the preview is not written over', async ({ app, box, registry }) => {
  const base = `${registry}/raced/base:latest`;
  await pushBase(box, base, 'one');
  const dockerfile = await project(box, `FROM ${base}\n`);
  await new ProjectsPage(app).openFolder(dirname(dockerfile));
  await app.page
    .getByRole('button', { name: `Pin ${base} in line 1` })
    .first()
    .click();
  const dialog = app.dialog(/^Pin /);
  await expect(dialog.getByRole('figure')).toBeVisible();
  await writeFile(dockerfile, `FROM ${base}\nENV A=b\n`);
  await dialog.getByRole('button', { name: 'Write into the Dockerfile' }).click();
  await expect(dialog.getByRole('alert')).toContainText('was changed after the preview was made');
  await dialog.getByRole('button', { name: 'Look at the line again' }).click();
  await dialog.getByRole('button', { name: 'Write into the Dockerfile' }).click();
  await expect(dialog).toBeHidden();
  expect(await readFile(dockerfile, 'utf8')).toContain('@sha256:');
});

/** Builds a base and pushes it; `as`: under another name here, so that the name itself stays with what was here. */
async function pushBase(box: Box, ref: string, text: string, as?: string): Promise<string> {
  const context = await box.files('base', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: text });
  const name = as === undefined ? ref : `${as}:1`;
  const built = finished(await box.strata(['build', context, '-t', name, '--json']));
  const pushed = await box.strata(['push', name, '--to', ref, '--move-tag']);
  expect(pushed.code, pushed.stderr).toBe(0);
  return built.digest;
}

/** The path of the Dockerfile of a new project. */
async function project(box: Box, text: string): Promise<string> {
  const folder = join(box.folder, 'pinned');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), text);
  return join(folder, 'Dockerfile');
}
