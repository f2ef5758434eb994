import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/browser-test.ts';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

/** Clicks what saves a file and gives its text. */
async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; text: string }> {
  const waiting = page.waitForEvent('download');
  await click();
  const download = await waiting;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

test('two builds are compared step by step, with what was asked, times, layers and reasons', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', {
    ...NODE_PROJECT,
    Dockerfile: `${NODE_PROJECT.Dockerfile}ARG VERSION=1\nLABEL version=$VERSION\n`,
  });
  const { page } = app;
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.build();
  await appendFile(join(folder, 'src/prices.js'), 'exports.lamp = 49;\n');
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  await page.getByRole('textbox', { name: 'Value of VERSION' }).fill('2');
  await page.getByRole('button', { name: 'Save and build' }).click();
  await project.expectStates({ 5: 'rebuilt' });
  await project.isBuilt();

  await app.go('Builds');
  const table = page.getByRole('grid', { name: 'Builds' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await table.getByRole('checkbox', { name: 'Select all' }).click();
  await page
    .getByRole('toolbar', { name: 'Selected builds' })
    .getByRole('button', { name: 'Compare' })
    .click();
  await expect(app.heading('Compare shop')).toBeVisible();

  const short = page.getByRole('list', { name: 'In short' });
  await expect(short).toContainText('Different images');
  await expect(short).toContainText('before: 0 of 8');
  const asked = page.getByRole('region', { name: 'What was asked differently' });
  await expect(asked).toContainText('The Dockerfile is the same.');
  await expect(asked.getByRole('row').nth(1)).toHaveText(/build argument VERSION\s*not set\s*2/);
  const steps = page.getByRole('table', { name: 'Steps side by side' });
  const npm = steps.getByRole('row', { name: /^RUN npm ci/ });
  await expect(npm).toContainText('built');
  await expect(npm).toContainText('cached');
  await expect(npm).toContainText('same layer');
  const copy = steps.getByRole('row', { name: /^COPY \. \./ });
  await expect(copy).toContainText('other layer');
  await expect(copy).toContainText('src/prices.js changed');
  await expect(copy.getByText(/^sha256:/)).toHaveCount(2);
  await page.getByRole('radio', { name: /^What differs/ }).click();
  await expect(steps.getByRole('row', { name: /^CMD / })).toHaveCount(0);
  await expect(copy).toBeVisible();

  // A step leads to its line in the build.
  await copy.getByRole('link', { name: /rebuilt/ }).click();
  await expect(project.line(5)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('tab', { name: /^Reasons/ })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: 'Compare with the one before' }).click();
  await expect(app.heading('Compare shop')).toBeVisible();
});

test('logs and traces of a build are saved whole, and the build is made again with its options', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/loud', {
    Dockerfile: 'FROM busybox:1.36\nARG LINES=1\nRUN seq $LINES\nRUN echo the end\n',
  });
  const { page } = app;
  await box.strata(['builds']);
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  await page.getByRole('textbox', { name: 'Value of LINES' }).fill('20000');
  await page.getByRole('button', { name: 'Save and build' }).click();
  await project.isBuilt();
  await app.go('Builds');
  await page
    .getByRole('grid', { name: 'Builds' })
    .getByRole('row', { name: /loud/ })
    .getByText('loud')
    .click();
  await project.line(3).click();
  await expect(project.log).toContainText('14');

  const step = await saved(page, () => page.getByRole('button', { name: 'Save the whole log' }).click());
  expect(step.text.split('\n').filter((line) => line !== '')).toHaveLength(20_000);
  const menu = async (item: RegExp) => {
    await page.getByRole('button', { name: 'More for this build' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const all = await saved(page, () => menu(/^Save all logs/));
  expect(all.text).toContain('=== step 2, line 3: RUN seq $LINES\n1\n2\n');
  expect(all.text).toContain('the end');
  const chrome = await saved(page, () => menu(/trace for Chrome/));
  expect(chrome.name).toMatch(/\.trace\.json$/);
  expect(JSON.parse(chrome.text).traceEvents.length).toBeGreaterThan(4);
  const otlp = await saved(page, () => menu(/trace as OTLP/));
  expect(otlp.name).toMatch(/\.otlp\.json$/);
  const spans = JSON.parse(otlp.text).resourceSpans[0].scopeSpans[0].spans as { name: string }[];
  expect(spans.map(({ name }) => name)).toContain('RUN seq $LINES');

  await page.getByRole('button', { name: 'Build again' }).click();
  await expect(page.getByText('4 of 4 steps cached')).toBeVisible();
  await page.getByRole('button', { name: 'Compare with the one before' }).click();
  await expect(page.getByRole('list', { name: 'In short' })).toContainText('The same image');
  await expect(page.getByRole('region', { name: 'What was asked differently' })).toContainText(
    'The options are the same.',
  );
});
