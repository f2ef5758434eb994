import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { finished } from '../fixtures/events.ts';
import { pushRaw } from '../fixtures/raw-image.ts';
import { startRegistryProxy } from '../fixtures/registry-proxy.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_OTHER_TOOLS, skopeoInspect } from '../fixtures/tools.ts';
import { buildLayers, randomImage } from '../fixtures/transfer-images.ts';

test('builds of the same project at once all succeed and leave a sound store', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile: 'FROM busybox:1.36\nWORKDIR /app\nCOPY . .\nRUN seq 50000 > numbers && sleep 0.3\n',
    'a.txt': 'a',
  });
  const both = await Promise.all(
    [1, 2, 3].map((n) => box.strata(['build', folder, '-t', `demo:${n}`, '--json'])),
  );
  expect(both.map((result) => result.code)).toEqual([0, 0, 0]);
  expect(await findFaults(box.data)).toEqual([]);
  const names = (await box.strata(['images', '--json'])).events.flatMap((image) => image.names as string[]);
  expect(names).toEqual(expect.arrayContaining(['demo:1', 'demo:2', 'demo:3', 'busybox:1.36']));
});

test('two processes that pull images with the same layers fetch each layer once', async ({ box }) => {
  const origin = await startRealRegistry();
  const front = await startRegistryProxy(origin.host);
  try {
    const image = await randomImage([3_000_000, 2_000_000]);
    for (const name of ['shared/a', 'shared/b']) await pushRaw(origin.host, name, '1', image);
    front.slowTo(2_000_000);
    const pulls = ['shared/a:1', 'shared/b:1', 'shared/a:1'].map((name) =>
      box.strata(['pull', `${front.host}/${name}`, '--json']),
    );
    const results = await Promise.all(pulls);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { digest } of image.layers) {
      const asked = front.asked.filter(({ what }) => what.startsWith('GET') && what.endsWith(digest));
      expect(asked, digest).toHaveLength(1);
    }
    expect(await findFaults(box.data)).toEqual([]);
  } finally {
    await front.close();
    await origin.close();
  }
});

test('two processes that push images with the same layers send each layer once', async ({ box }) => {
  const origin = await startRealRegistry();
  const front = await startRegistryProxy(origin.host);
  try {
    await buildLayers(box, 'shared:1', [3_000_000, 2_000_000]);
    front.slowTo(2_000_000);
    const target = `${front.host}/shared/app`;
    const results = await Promise.all(
      ['1', '2', '3'].map((tag) => box.strata(['push', 'shared:1', '--to', `${target}:${tag}`, '--json'])),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    const sent = front.asked.reduce((sum, request) => sum + request.sent, 0);
    expect(sent).toBeLessThan(6_000_000);
    expect(sent).toBeGreaterThan(5_000_000);
    expect(await readdir(join(box.data, 'ingest'))).toEqual([]);
  } finally {
    await front.close();
    await origin.close();
  }
});

test('a push sends the image that it began with, though its name moves and it is removed and cleaned up meanwhile', async ({
  box,
}) => {
  test.skip(NO_OTHER_TOOLS !== null, NO_OTHER_TOOLS ?? '');
  const origin = await startRealRegistry();
  const front = await startRegistryProxy(origin.host);
  try {
    const first = await buildLayers(box, 'going:1', [3_000_000, 1000]);
    await buildLayers(box, 'other:1', [1000]);
    front.slowTo(1_500_000);
    const isSending = () =>
      front.asked.some(({ what }) => what.includes('PUT') && what.includes('/uploads/'));
    const pushing = box.strata(['push', 'going:1', '--to', `${front.host}/going/app:1`, '--json']);
    await expect.poll(isSending).toBe(true);
    expect((await box.strata(['tag', 'other:1', 'going:1'])).code).toBe(0);
    expect((await box.strata(['rmi', first])).code).toBe(0);
    await box.strata(['prune']);
    front.slowTo(undefined);
    expect((await pushing).events.at(-1)).toMatchObject({ ok: true, digest: first });
    expect((await skopeoInspect(`docker://${origin.host}/going/app:1`)).Digest).toBe(first);
    expect((await box.strata(['images', '--json'])).events.flatMap(({ names }) => names)).toEqual(
      expect.arrayContaining(['going:1', 'other:1']),
    );
    expect(await findFaults(box.data)).toEqual([]);
  } finally {
    await front.close();
    await origin.close();
  }
});

test('builds, pulls, tags and clean-ups at once lose nothing that has a name', async ({ box, registry }) => {
  const pulled = ['node:20-slim', 'python:3.12-slim', 'nginx:1.27-alpine'];
  const folders = await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      box.files(name, {
        Dockerfile: `FROM busybox:1.36\nCOPY . /app\nRUN echo ${name} > /${name} && sleep 0.1\n`,
        'own.txt': name.repeat(100_000),
      }),
    ),
  );
  const work = [
    ...folders.map((folder, at) => async () => box.strata(['build', folder, '-t', `own:${at}`])),
    ...pulled.map((name) => async () => box.strata(['pull', name])),
    ...[1, 2, 3, 4].map(() => async () => box.strata(['prune'])),
  ];
  const running = 4;
  const waiting = [...work];
  const codes: (number | null)[] = [];
  await Promise.all(
    Array.from({ length: running }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        codes.push((await next()).code);
    }),
  );
  expect(codes).toEqual(work.map(() => 0));
  expect(await findFaults(box.data)).toEqual([]);
  const names = (await box.strata(['images', '--json'])).events.flatMap((image) => image.names as string[]);
  expect(names).toEqual(expect.arrayContaining(['own:0', 'own:1', 'own:2', ...pulled]));
  for (const [at, folder] of folders.entries()) {
    const again = finished(await box.strata(['build', folder, '-t', `own:${at}`, '--json']));
    expect(again.error, registry).toBeUndefined();
  }
});
