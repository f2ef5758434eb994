import { expect, test } from '../fixtures/browser-test.ts';
import { ImagePage } from '../pages/image-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

test('a project is built for two platforms, whose steps and images are told apart', async ({ app, box }) => {
  const folder = await box.files('home/both', {
    Dockerfile: [
      'FROM --platform=$BUILDPLATFORM busybox AS build',
      'ARG TARGETARCH',
      'RUN echo "made for $TARGETARCH" && echo $TARGETARCH > /out',
      'FROM scratch',
      'COPY --from=build /out /made-for',
    ].join('\n'),
  });
  const { page } = app;
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Build options of both' });
  await dialog.getByRole('textbox', { name: 'Tag 1' }).fill('both:1');
  const platforms = dialog.getByLabel('Platforms', { exact: true });
  await platforms.fill('linux/frob');
  await expect(dialog).toContainText('no processor is called "frob"');
  await platforms.fill('');
  await dialog.getByRole('button', { name: 'linux/amd64' }).click();
  await dialog.getByRole('button', { name: 'linux/arm64' }).click();
  await expect(platforms).toHaveValue('linux/amd64, linux/arm64');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('0 of 10 steps cached')).toBeVisible();

  await project.build();
  await expect(project.result).toContainText('2 platforms');
  await project.line(3).click();
  const choice = page.getByRole('combobox', { name: 'Step of this line' });
  await choice.click();
  await page.getByRole('option', { name: /linux\/arm64/ }).click();
  await expect(project.log).toContainText('made for arm64');
  await choice.click();
  await page.getByRole('option', { name: /linux\/amd64/ }).click();
  await expect(project.log).toContainText('made for amd64');

  await project.openImage();
  const image = new ImagePage(app);
  const shown = page.getByRole('combobox', { name: 'Platform' });
  const config = async () => (await image.tab('Config')).getByText(/^linux\//);
  await expect(await config()).toHaveText('linux/amd64');
  await shown.click();
  await page.getByRole('option', { name: 'linux/arm64' }).click();
  await expect(shown).toHaveText('linux/arm64');
  await expect(await config()).toHaveText('linux/arm64');
  await page.getByRole('link', { name: 'Images /' }).click();
  await expect(page.getByRole('row', { name: /both/ })).toHaveCount(1);
  await expect(page.getByRole('row', { name: /both/ })).toContainText('2 platforms');
});
