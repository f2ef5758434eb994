import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { pushRaw } from '../fixtures/raw-image.ts';
import { mountSmallDisk } from '../fixtures/small-disk.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { NO_BROWSER, NO_MOUNTS } from '../fixtures/tools.ts';
import { randomImage } from '../fixtures/transfer-images.ts';
import { startWebHost } from '../fixtures/web-host.ts';
import { AppPage } from '../pages/app-page.ts';
import { openPull, openPush, TransferDialog } from '../pages/transfer-dialog.ts';

const missing = NO_BROWSER ?? NO_MOUNTS;
test.skip(missing !== null, missing ?? '');

const MB = 1_000_000;

test('a disk that is full in the middle of a pull is told, and the pull works once there is space', async ({
  page,
  box,
  registry,
}) => {
  const disk = await mountSmallDisk(join(box.folder, 'disk'), 40);
  const home = join(disk.path, 'strata');
  const filler = join(disk.path, 'filler');
  try {
    await writeFile(filler, Buffer.alloc(32 * MB));
    const image = await randomImage([1 * MB, 14 * MB]);
    await pushRaw(registry, 'full/pull', '1', image);
    const small = await randomImage([1 * MB]);
    await pushRaw(registry, 'full/small', '1', small);
    const host = await startWebHost(box, { STRATA_HOME: home });
    await page.goto(host.address);
    const app = new AppPage(page, host.origin);
    await app.isReady();

    await openPull(app, `${registry}/full/small:1`);
    const pull = new TransferDialog(app, 'Pull');
    expect(await pull.digest()).toBe(small.manifest.digest);
    await pull.close();

    await openPull(app, `${registry}/full/pull:1`);
    await expect(pull.problem).toContainText('There is no space left');
    await expect(pull.problem).toContainText('Free some space, or clean up');
    await expect(pull.problem).toContainText('Nothing that was stored is lost');
    await expect(pull.button('Free space…')).toBeVisible();
    expect(await findFaults(home)).toEqual([]);

    await rm(filler);
    await pull.button('Try again').click();
    expect(await pull.digest()).toBe(image.manifest.digest);
    await pull.close();

    // A push only reads: a disk without a free byte does not keep it from that.
    const target = `${registry}/full/pushed:1`;
    await box.strata(['tag', `${registry}/full/small:1`, target], { env: { STRATA_HOME: home } });
    await fill(filler);
    await page.reload();
    await openPush(app, `${registry}/full/small:1`);
    const push = new TransferDialog(app, 'Push');
    await push.target.fill(target);
    await push.button('Push').click();
    expect(await push.digest()).toBe(small.manifest.digest);
    await rm(filler);
    expect(await findFaults(home)).toEqual([]);
    expect(await host.stop()).toBe(0);
  } finally {
    await disk.remove();
  }
});

/** Takes the last free byte of a file's disk. */
async function fill(path: string): Promise<void> {
  for (let size = MB; size >= 1; size = Math.floor(size / 2))
    for (let isFull = false; !isFull; )
      isFull = await writeFile(path, Buffer.alloc(size), { flag: 'a' }).then(
        () => false,
        () => true,
      );
}
