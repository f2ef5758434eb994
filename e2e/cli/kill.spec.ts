import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import type { Box } from '../fixtures/box.ts';
import { finished } from '../fixtures/events.ts';
import { processesWith } from '../fixtures/processes.ts';
import { seededRandom } from '../fixtures/random.ts';
import { makeRawImage, pushRaw } from '../fixtures/raw-image.ts';
import { filesTar } from '../fixtures/root-fs.ts';
import { findFaults } from '../fixtures/store-check.ts';
import type { CliResult } from '../fixtures/strata.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_OTHER_TOOLS } from '../fixtures/tools.ts';

const SEED = Number(process.env.STRATA_E2E_SEED ?? Date.now() % 1_000_000);

const PROJECT = {
  Dockerfile: `FROM busybox:1.36 AS tools
RUN seq 200000 > /numbers
FROM busybox:1.36
WORKDIR /app
COPY big.bin .
RUN tar cf big.tar big.bin && sleep 0.05
COPY . .
COPY --from=tools /numbers .
`,
  'edited.txt': 'first\n',
};

test.skip(NO_OTHER_TOOLS !== null, NO_OTHER_TOOLS ?? '');
test.describe.configure({ timeout: 240_000 });

test('a build killed at 20 random moments leaves a sound store, and the next one works', async ({ box }) => {
  const folder = await box.files('app', { ...PROJECT, 'big.bin': randomBytes(1_000_000).toString('hex') });
  const build = ['build', folder, '-t', 'demo:1', '--json'];
  const whole = await timed(() => box.strata(build));
  await killOften(box, 20, whole, async () => {
    await appendFile(join(folder, 'edited.txt'), 'more\n');
    return [...build, '--no-cache'];
  });
  const after = finished(await box.strata(build));
  expect(after.error).toBeUndefined();
  const env = { STRATA_HOME: join(box.folder, 'other') };
  await box.strata(['save', 'demo:1', '-o', 'demo.tar']);
  expect((await box.strata(['load', 'demo.tar'], { env })).code).toBe(0);
  expect(await findFaults(env.STRATA_HOME)).toEqual([]);
});

test('a pull killed at 20 random moments leaves a sound store, and goes on to the end', async ({
  box,
  registry,
}) => {
  const layers = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      filesTar({ [`file-${at}`]: randomBytes(1_500_000).toString('hex') }),
    ),
  );
  const image = makeRawImage(layers);
  await pushRaw(registry, 'killed/pull', '1', image);
  const ref = `${registry}/killed/pull:1`;
  const whole = await timed(() => box.strata(['pull', ref]));
  await box.strata(['rmi', ref]);
  await killOften(box, 20, whole, async () => {
    // What an earlier round has fetched would leave nothing to be killed in.
    await box.strata(['rmi', ref]);
    await box.strata(['prune']);
    return ['pull', ref, '--json'];
  });
  const after = await box.strata(['pull', ref, '--json']);
  expect(after.events.at(-1)).toMatchObject({ ok: true, digest: image.manifest.digest });
  expect(await findFaults(box.data)).toEqual([]);
});

test('a clean-up killed at 10 random moments removes nothing that a name needs', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPY . /app\n', a: 'kept' });
  const kept = finished(await box.strata(['build', folder, '-t', 'kept:1', '--json']));
  const makeWaste = async () => {
    for (let at = 0; at < 3; at += 1) {
      await box.files('app', { a: randomBytes(200_000).toString('hex') });
      await box.strata(['build', folder, '-t', 'waste:1']);
    }
    await box.strata(['untag', 'waste:1']);
  };
  await makeWaste();
  const whole = await timed(() => box.strata(['prune']));
  await killOften(box, 10, whole, async () => {
    await makeWaste();
    return ['prune', '--json'];
  });
  const [image] = (await box.strata(['inspect', 'kept:1', '--json'])).events;
  expect(image?.manifestDigest).toBe(kept.digest);
  await box.strata(['prune']);
  expect((await box.strata(['images', '--json'])).events.map((each) => each.names)).toEqual(
    expect.arrayContaining([['kept:1'], ['busybox:1.36']]),
  );
  expect(await findFaults(box.data)).toEqual([]);
});

/** Kills a command `times` times at a random moment of the time that the whole takes, and looks at the store each time. */
async function killOften(
  box: Box,
  times: number,
  wholeMs: number,
  next: () => Promise<readonly string[]>,
): Promise<void> {
  const random = seededRandom(SEED);
  for (let round = 0; round < times; round += 1) {
    const args = await next();
    const delay = Math.round(random() * wholeMs);
    let timer: NodeJS.Timeout | undefined;
    await box.strata(args, {
      onSpawn: (child) => {
        timer = setTimeout(() => child.kill('SIGKILL'), delay);
      },
    });
    clearTimeout(timer);
    const where = `round ${round}, killed after ${delay} ms, seed ${SEED}`;
    expect(await findFaults(box.data), where).toEqual([]);
    await run('skopeo', ['inspect', '--raw', `oci:${box.data}:busybox:1.36`]).catch((error: unknown) => {
      if (!args.includes('pull')) throw error;
    });
    await expect.poll(() => processesWith(`${box.folder}/`), { message: where }).toEqual([]);
    expect(await box.mounts(), where).toEqual([]);
  }
}

async function timed(work: () => Promise<CliResult>): Promise<number> {
  const begun = performance.now();
  const { code, stdout } = await work();
  expect(code, stdout).toBe(0);
  return performance.now() - begun;
}
