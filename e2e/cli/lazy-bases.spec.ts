import { join } from 'node:path';
import { Box } from '../fixtures/box.ts';
import { type CountingProxy, startCountingProxy } from '../fixtures/counting-proxy.ts';
import { finished, planned, statuses } from '../fixtures/events.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';

let proxy: CountingProxy;
test.beforeEach(async ({ registry, box }) => {
  proxy = await startCountingProxy(registry);
  await box.settings({ mirrors: { 'docker.io': proxy.host } });
});
test.afterEach(() => proxy.close());

const TWO_STAGES = [
  'FROM node:20-slim AS build',
  'COPY a.txt /a',
  'RUN cp /a /out',
  'FROM busybox:1.36',
  'COPY --from=build /out /out',
].join('\n');

/** The layers of an image at its registry. */
async function layersOf(box: Box, reference: string): Promise<string[]> {
  const [shown] = (await box.strata(['inspect', '--remote', reference, '--json'])).events;
  const layers = (shown?.layers ?? []) as { digest: string }[];
  return layers.map(({ digest }) => digest);
}

test('every blob is read once, and a stage that comes from the cache needs none of its base', async ({
  box,
}) => {
  const folder = await box.files('app', { Dockerfile: TWO_STAGES, 'a.txt': 'a' });
  const [first = '', ...own] = await layersOf(box, 'node:20-slim');
  expect(await layersOf(box, 'busybox:1.36')).toContain(first);
  const before = proxy.blobs.length;
  const built = finished(await box.strata(['build', folder, '-t', 'app:1', '--json']));
  expect(built.ok).toBe(true);
  const read = proxy.blobs.slice(before);
  expect(new Set(read).size).toBe(read.length);
  expect(read).toEqual(expect.arrayContaining([first, ...own]));

  await box.strata(['rmi', 'node:20-slim', 'busybox:1.36']);
  const rebuilt = await box.strata(['build', folder, '-t', 'app:1', '--json']);
  expect(statuses(finished(rebuilt)).every((step) => step.startsWith('hit '))).toBe(true);
  expect(finished(rebuilt).digest).toBe(built.digest);
  expect(proxy.blobs.slice(before + read.length).filter((digest) => own.includes(digest))).toEqual([]);
  expect(await findFaults(box.data)).toEqual([]);

  // What it needs none of is no image of the store, and a prediction knows it all the same.
  const names = (await box.strata(['images', '--json'])).events.flatMap((event) => event.names ?? []);
  expect(names).not.toContain('node:20-slim');
  const plan = planned(await box.strata(['build', folder, '--plan', '--json']));
  expect(plan.map((step) => step.predicted)).toEqual(plan.map(() => 'hit'));

  await box.files('app', { 'a.txt': 'changed' });
  const changed = finished(await box.strata(['build', folder, '--json']));
  expect(
    statuses(changed)
      .slice(0, 3)
      .map((step) => step.split(' ')[0]),
  ).toEqual(['hit', 'miss', 'miss']);
  expect(proxy.blobs.filter((digest) => own.includes(digest))).toHaveLength(2 * own.length);
});

test('bases of stages that do not need each other are pulled side by side', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile: [
      'FROM python:3.12-slim AS one',
      'RUN echo one > /one',
      'FROM nginx:1.27-alpine AS two',
      'RUN echo two > /two',
      'FROM scratch',
      'COPY --from=one /one /',
      'COPY --from=two /two /',
    ].join('\n'),
  });
  const own = [await layersOf(box, 'python:3.12-slim'), await layersOf(box, 'nginx:1.27-alpine')].map(
    (layers) => layers.at(-1),
  );
  const asked = new Set<string>();
  let bothAsked = (): void => undefined;
  const both = new Promise<void>((resolve) => {
    bothAsked = resolve;
  });
  // Neither is answered before both were asked for: one after the other would wait for ever.
  proxy.onBlob = async (_repository, digest) => {
    if (!own.includes(digest)) return;
    asked.add(digest);
    if (asked.size === own.length) bothAsked();
    await both;
  };
  expect(finished(await box.strata(['build', folder, '--json'])).ok).toBe(true);
});

test('settings over a base need no layer of it until the image is complete', async ({ box }) => {
  const folder = await box.files('app', {
    Dockerfile: 'FROM python:3.12-slim AS base\nENV A=1\nFROM scratch\nCOPY a.txt /\nLABEL x=y\n',
    'a.txt': 'a',
  });
  const layers = await layersOf(box, 'python:3.12-slim');
  const before = proxy.blobs.length;
  const target = ['build', folder, '--target', 'base', '-t', 'base:1', '--json'];
  expect(finished(await box.strata(target)).ok).toBe(true);
  const read = proxy.blobs.slice(before);
  expect(layers.every((digest) => read.filter((each) => each === digest).length === 1)).toBe(true);
  const names = (await box.strata(['images', '--json'])).events.flatMap((event) => event.names ?? []);
  expect(names).toEqual(expect.arrayContaining(['base:1', 'python:3.12-slim']));
});

test('a file of a stage that came from the cache is copied without the base that its stage stands on', async ({
  box,
  registry,
}) => {
  const reference = `${registry}/lazy/cache:1`;
  const files = {
    Dockerfile: [
      'FROM node:20-slim AS build',
      'WORKDIR /made/by',
      'RUN echo out > out',
      'FROM scratch',
      'COPY --from=build /made/by/out /x/',
      'COPY a.txt /',
    ].join('\n'),
    'a.txt': 'a',
  };
  const folder = await box.files('app', files);
  const to = `type=registry,ref=${reference},mode=max`;
  const built = finished(await box.strata(['build', folder, '--cache-to', to, '--json']));
  expect(built.error).toBeUndefined();
  const other = await Box.make(proxy.host);
  try {
    await other.files('app', { ...files, 'a.txt': 'b' });
    const own = await layersOf(box, 'node:20-slim');
    const before = proxy.blobs.length;
    const app = join(other.folder, 'app');
    const again = finished(await other.strata(['build', app, '--cache-from', reference, '--json']));
    expect(statuses(again).map((step) => step.split(' ')[0])).toEqual([
      ...['hit', 'hit', 'hit'],
      ...['hit', 'hit', 'miss'],
    ]);
    expect(proxy.blobs.slice(before).filter((digest) => own.includes(digest))).toEqual([]);
    // A base may hold more of a folder, and what wildcards find: the cache has the lists of its layers.
    const whole = files.Dockerfile.replace('/made/by/out /x/', '/made/by/ /made/*/o* /x/');
    await other.files('app', { Dockerfile: whole });
    const build = ['build', app, '--cache-from', reference, '--json'];
    const [foreseen] = planned(await other.strata([...build, '--plan'])).slice(-2);
    expect(foreseen?.predicted).toBe('miss');
    expect(finished(await other.strata(build)).ok).toBe(true);
    expect(proxy.blobs.slice(before).filter((digest) => own.includes(digest))).toEqual([]);
    // What is written again keeps the lists that this machine has from the cache alone.
    expect(finished(await other.strata([...build, '--cache-to', to])).error).toBeUndefined();
    await other.files('app', { Dockerfile: whole.replace('/x/', '/y/') });
    expect(finished(await other.strata(build)).ok).toBe(true);
    expect(proxy.blobs.slice(before).filter((digest) => own.includes(digest))).toEqual([]);
    // A file of the base itself needs the base.
    await other.files('app', { Dockerfile: whole.replace('/made/*/o*', '/etc/*') });
    expect(finished(await other.strata(build)).ok).toBe(true);
    expect(proxy.blobs.slice(before).filter((digest) => own.includes(digest))).not.toEqual([]);
  } finally {
    await other.remove();
  }
});
