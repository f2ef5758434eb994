import type { ChildProcess } from 'node:child_process';
import { type CuttingProxy, startCuttingProxy } from '#electron/registry/testing/cutting-proxy.ts';
import type { Box } from '../fixtures/box.ts';
import { pushRaw } from '../fixtures/raw-image.ts';
import { findFaults } from '../fixtures/store-check.ts';
import type { CliResult } from '../fixtures/strata.ts';
import { test as base, expect } from '../fixtures/test.ts';
import { NO_OTHER_TOOLS, skopeoInspect } from '../fixtures/tools.ts';
import { buildLayers, randomImage } from '../fixtures/transfer-images.ts';

const MB = 1_000_000;

/** The real registry behind a network that breaks. */
const test = base.extend<{ network: CuttingProxy }>({
  network: async ({ registry }, use) => {
    const proxy = await startCuttingProxy(registry);
    await use(proxy);
    await proxy.close();
  },
});
test.skip(NO_OTHER_TOOLS !== null, NO_OTHER_TOOLS ?? '');

/** Runs a command and kills it as soon as `isTime`, without a chance to tidy up. */
async function killWhen(box: Box, args: readonly string[], isTime: () => boolean): Promise<CliResult> {
  let child: ChildProcess | undefined;
  const timer = setInterval(() => isTime() && child?.kill('SIGKILL'), 2);
  try {
    return await box.strata(args, {
      onSpawn: (spawned) => {
        child = spawned;
      },
    });
  } finally {
    clearInterval(timer);
  }
}

test('a pull that was killed fetches only the rest the next time, through drops too', async ({
  box,
  registry,
  network,
}) => {
  const image = await randomImage([20 * MB]);
  const size = image.layers[0]?.bytes.length ?? 0;
  await pushRaw(registry, 'resume/pull', '1', image);
  network.slowTo(20 * MB);
  const pull = ['pull', `${network.host}/resume/pull:1`, '--json'];
  const killed = await killWhen(box, pull, () => network.came > size / 2);
  expect(killed.signal).toBe('SIGKILL');
  network.slowTo(undefined);
  const before = network.came;
  network.cutAfter('came', 2 * MB, 3 * MB);
  const again = await box.strata(pull);
  expect(again.events.at(-1)).toMatchObject({ ok: true, digest: image.manifest.digest });
  expect(network.cuts).toBe(2);
  expect(network.came - before).toBeLessThan(size * 0.75);
  expect(await findFaults(box.data)).toEqual([]);
});

test('a push that was killed sends only the layers that are not there, through drops too', async ({
  box,
  network,
}) => {
  const ref = `${network.host}/resume/push:1`;
  const digest = await buildLayers(box, ref, [12 * MB, MB]);
  network.slowTo(6 * MB);
  const push = ['push', ref, '--json'];
  const killed = await killWhen(box, push, () => network.sent > 8 * MB);
  expect(killed.signal).toBe('SIGKILL');
  network.slowTo(undefined);
  const before = network.sent;
  network.cutAfter('sent', 3 * MB);
  const again = await box.strata(push);
  expect(again.events.at(-1)).toMatchObject({ ok: true, digest });
  expect(network.cuts).toBe(1);
  const states = again.events.filter(({ type }) => type === 'blob').map(({ state }) => state);
  expect(states).toContain('exists');
  expect(network.sent - before).toBeLessThan(16.5 * MB);
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(digest);
});
