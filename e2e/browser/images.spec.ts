import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '#shared/format/bytes.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { finished } from '../fixtures/events.ts';
import { ImagePage } from '../pages/image-page.ts';
import { ImagesPage } from '../pages/images-page.ts';
import { TagDialog } from '../pages/tag-dialog.ts';
import { TransferDialog } from '../pages/transfer-dialog.ts';

test('pulls an image through the dialog, layer by layer, and opens it', async ({ app, registry }) => {
  await app.go('Images');
  const images = new ImagesPage(app);
  await images.openPull();
  const pull = new TransferDialog(app, 'Pull');
  await pull.target.fill(`${registry}/library/nginx:1.27-alpine`);
  await pull.button('Pull').click();
  const digest = await pull.digest();
  await expect(pull.layers.getByRole('listitem')).toHaveCount(3);
  await pull.close();
  await images.choose(`${registry}/library/nginx:1.27-alpine`, 'Layers and files');
  const image = new ImagePage(app);
  await expect(image.layers.getByRole('option')).toHaveCount(2);
  await expect(await image.tab('Config')).toContainText(digest);
});

test('an image that is not there is told in words', async ({ app, registry }) => {
  await app.go('Images');
  await new ImagesPage(app).openPull();
  const pull = new TransferDialog(app, 'Pull');
  await pull.target.fill(`${registry}/library/absent:1`);
  await pull.button('Pull').click();
  await expect(pull.problem).toContainText(/has no|does not exist/);
});

test('tags are added, moved after a question, and removed', async ({ app, box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: '1' });
  await box.strata(['build', folder, '-t', 'shop:old']);
  await box.files('app', { a: '2' });
  const { digest } = finished(await box.strata(['build', folder, '-t', 'shop:new', '--json']));
  await app.go('Images');
  const images = new ImagesPage(app);
  await images.choose('shop:new', 'Tag…');
  const tags = new TagDialog(app);
  await tags.add('team/shop:1.0.0');
  await tags.frame.getByRole('textbox', { name: 'New tag' }).fill('shop:old');
  await expect(tags.frame).toContainText(/names another|points|other image/i);
  await tags.frame.getByRole('button', { name: /Move/ }).click();
  await expect(tags.tag('shop:old')).toBeVisible();
  await tags.remove('shop:new');
  await tags.close();
  const [image] = (await box.strata(['inspect', 'shop:old', '--json'])).events;
  expect(image?.manifestDigest).toBe(digest);
  expect((await box.strata(['inspect', 'shop:new'])).code).toBe(1);
});

test('images are searched, sorted by keyboard and removed together, freeing what was said', async ({
  app,
  box,
}) => {
  for (const name of ['one', 'two', 'three']) {
    const folder = await box.files(name, { Dockerfile: `FROM busybox:1.36\nRUN seq 9999 > /${name}\n` });
    await box.strata(['build', folder, '-t', `bulk/${name}:1`]);
  }
  await app.go('Images');
  const images = new ImagesPage(app);
  await expect(images.row(/bulk\//)).toHaveCount(3);
  await images.search('two');
  await expect(images.row(/Select bulk/)).toHaveCount(1);
  await images.search('');
  await images.select('bulk/one:1');
  await images.select('bulk/two:1');
  const bar = app.page.getByRole('toolbar', { name: 'Selected images' });
  await expect(bar).toContainText('2 selected');
  const frees = /frees (.+ .?B)$/;
  await expect(bar.getByRole('status')).toHaveText(frees);
  const said = frees.exec((await bar.getByRole('status').textContent()) ?? '')?.[1] ?? '';
  await bar.getByRole('button', { name: 'Remove…' }).click();
  const dialog = app.dialog('Remove 2 images');
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await expect(dialog).toContainText(`Frees ${said}`);
  const before = await blobBytes(box.data);
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(images.row(/Select bulk/)).toHaveCount(1);
  expect(formatBytes(before - (await blobBytes(box.data)))).toBe(said);
  const names = (await box.strata(['images', '--json'])).events.flatMap((image) => image.names as string[]);
  expect(names.sort()).toEqual(['bulk/three:1', 'busybox:1.36']);
});

test('a file of a layer is looked at and saved', async ({ app, box }) => {
  const folder = await box.files('app', {
    Dockerfile: 'FROM busybox:1.36\nCOPY notes.txt /srv/\n',
    'notes.txt': 'remember the milk\n',
  });
  await box.strata(['build', folder, '-t', 'notes:1']);
  await app.go('Images');
  await new ImagesPage(app).choose('notes:1', 'Layers and files');
  const image = new ImagePage(app);
  await image.layer('COPY notes.txt').click();
  await image.file('notes.txt').click();
  await expect(app.page.getByRole('main')).toContainText('remember the milk');
  const download = app.page.waitForEvent('download');
  await app.page.getByRole('main').getByRole('button', { name: /Save/ }).click();
  const saved = await download;
  const stream = await saved.createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe('remember the milk\n');
});

/** What all blobs of a store hold. */
async function blobBytes(home: string): Promise<number> {
  const folder = join(home, 'blobs', 'sha256');
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
