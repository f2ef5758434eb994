import { expect, test } from '../fixtures/browser-test.ts';
import { SCREENS } from '../pages/app-page.ts';
import { ImagePage } from '../pages/image-page.ts';
import { ImagesPage } from '../pages/images-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

test('in a narrow window the way to the screens is icons, and no list scrolls sideways', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/web', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: 'a' });
  await box.strata(['build', folder, '-t', 'acme/web:1']);
  const { page } = app;
  await new ProjectsPage(app).openFolder(folder);
  await page.setViewportSize({ width: 720, height: 560 });
  for (const name of SCREENS) {
    await app.go(name);
    await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('title', name);
    const lists = page.locator('main, main [role=grid], main [role=tablist]');
    const tooWide = await lists.evaluateAll((all) =>
      all.filter((list) => list.scrollWidth > list.clientWidth + 1).map((list) => list.ariaLabel),
    );
    expect(tooWide, name).toEqual([]);
  }
});

test('the second click of a double click selects nothing on the screen that the first one opened', async ({
  app,
  box,
}) => {
  const folder = await box.files('web', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: 'a' });
  await box.strata(['build', folder, '-t', 'acme/web:1']);
  await app.go('Images');
  await new ImagesPage(app).row(/acme\/web/).dblclick({ position: { x: 500, y: 12 } });
  await expect(new ImagePage(app).layers).toBeVisible();
  expect(await app.page.evaluate(() => getSelection()?.toString())).toBe('');
});

test('names that lie very deep are still shown, beside their change', async ({ app, box }) => {
  const deep = Array.from({ length: 40 }, (_, at) => `d${at}`).join('/');
  const files = { Dockerfile: 'FROM busybox:1.36\nCOPY d0 /d0\n', [`${deep}/last.txt`]: 'a' };
  await box.strata(['build', await box.files('web', files), '-t', 'acme/deep:1']);
  await app.go('Images');
  await new ImagesPage(app).row(/acme\/deep/).click();
  const { files: tree } = new ImagePage(app);
  await expect(tree.getByText('d15', { exact: true })).toBeVisible();
  const places = await tree.getByRole('row', { name: /directory d\d+ / }).evaluateAll((rows) =>
    rows.map((row) => {
      const [name, change] = row.querySelectorAll('[role=gridcell]');
      const { width = 0, right = 0 } = name?.lastElementChild?.getBoundingClientRect() ?? {};
      return { isShown: width > 8, isBeside: right <= (change?.getBoundingClientRect().left ?? 0) };
    }),
  );
  expect(places.length).toBeGreaterThan(10);
  for (const place of places) expect(place).toEqual({ isShown: true, isBeside: true });
});
