import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Box } from '../fixtures/box.ts';
import { finished } from '../fixtures/events.ts';
import { mountSmallDisk, type SmallDisk } from '../fixtures/small-disk.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_MOUNTS } from '../fixtures/tools.ts';

test.skip(NO_MOUNTS !== null, NO_MOUNTS ?? '');

test('a full disk is told as such, and nothing that was there is lost', async ({ box, registry }) => {
  await onDisk(box, 16, async (env) => {
    const folder = await box.files('app', {
      Dockerfile: `FROM ${registry}/library/busybox:1.36\nCOPY small /\n`,
      small: 's',
    });
    const kept = finished(await box.strata(['build', folder, '-t', 'kept:1', '--json'], { env }));

    const big = {
      Dockerfile: `FROM ${registry}/library/busybox:1.36\nCOPY big /\n`,
      big: randomBytes(20_000_000).toString('latin1'),
    };
    await box.files('app', big);
    const copied = await box.strata(['build', folder, '-t', 'kept:1', '--json'], { env });
    expectFull(copied.code, finished(copied).error);

    const written = {
      Dockerfile: `FROM ${registry}/library/busybox:1.36\nRUN dd if=/dev/urandom of=/big bs=1M count=40\n`,
      big: '',
    };
    await box.files('app', written);
    const run = await box.strata(['build', folder, '-t', 'kept:1', '--json'], { env });
    expect(run.code).toBe(1);
    expect(JSON.stringify(finished(run).error) + run.stdout).toMatch(/No space left|disk is full|disk-full/);

    const [image] = (await box.strata(['inspect', 'kept:1', '--json'], { env })).events;
    expect(image?.manifestDigest).toBe(kept.digest);
    expect(await findFaults(env.STRATA_HOME)).toEqual([]);
    await box.files('app', { Dockerfile: `FROM ${registry}/library/busybox:1.36\nCOPY small /again\n` });
    expect((await box.strata(['build', folder], { env })).code, 'a build that fits').toBe(0);
  });
});

test('a pull that does not fit says so and can be repeated', async ({ box, registry }) => {
  await onDisk(box, 1, async (env) => {
    const pulled = await box.strata(['pull', `${registry}/library/busybox:1.36`, '--json'], { env });
    const error = pulled.events.at(-1) as { code?: string; message?: string; hint?: string };
    expectFull(pulled.code, error);
    expect((await box.strata(['images', '--json'], { env })).events).toEqual([]);
  });
});

test('a read-only data folder is told as such, and what is there can still be read', async ({
  box,
  registry,
}) => {
  await onDisk(box, 32, async (env, disk) => {
    const folder = await box.files('app', {
      Dockerfile: `FROM ${registry}/library/busybox:1.36\nCOPY a /\n`,
      a: 'a',
    });
    await box.strata(['build', folder, '-t', 'kept:1'], { env });
    await disk.makeReadOnly();
    for (const home of [env.STRATA_HOME, join(disk.path, 'not/there/yet')]) {
      const args = ['build', folder, '-t', 'kept:2', '--json'];
      const built = await box.strata(args, { env: { STRATA_HOME: home } });
      expect(built.code).toBe(1);
      const last = built.events.at(-1) as { error?: unknown };
      expect(last.error ?? last).toMatchObject({ code: 'read-only', detail: { kind: 'path' } });
      expect(built.stderr).not.toMatch(/\s+at .+:\d+:\d+/);
    }
    const shown = await box.strata(['images'], { env });
    expect(shown.stdout).toContain('kept:1');
  });
});

/** Runs with Strata's data on a small disk of its own. */
async function onDisk(
  box: Box,
  megabytes: number,
  use: (env: { STRATA_HOME: string }, disk: SmallDisk) => Promise<void>,
): Promise<void> {
  const disk = await mountSmallDisk(join(box.folder, 'disk'), megabytes);
  try {
    await use({ STRATA_HOME: join(disk.path, 'strata') }, disk);
  } finally {
    await disk.remove();
  }
}

function expectFull(
  code: number | null,
  error: { code?: string; message?: string; hint?: string } | undefined,
): void {
  expect(code).toBe(1);
  expect(error).toMatchObject({ code: 'disk-full' });
  expect(`${error?.message} ${error?.hint}`).toMatch(/full|space/i);
}
