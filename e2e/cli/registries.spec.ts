import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Box } from '../fixtures/box.ts';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';

const PROJECT = { Dockerfile: 'FROM scratch\nCOPY page.txt /\n', 'page.txt': 'one\n' };

async function build(box: Box, content: string, tag: string): Promise<string> {
  const folder = await box.files('app', { ...PROJECT, 'page.txt': content });
  return String(finished(await box.strata(['build', folder, '-t', tag, '--json'])).digest);
}

/** Shares the store of a box while `work` runs; answers how the command ended. */
async function whileShared(box: Box, work: (address: string) => Promise<void>): Promise<number | null> {
  let end: () => void = () => {};
  let told: (address: string) => void = () => {};
  const address = new Promise<string>((resolve) => {
    told = resolve;
  });
  const ended = box.strata(['share', '--port', '0', '--json'], {
    onSpawn: (child) => {
      end = () => void child.kill('SIGINT');
    },
    onOutput: (text) => told(/"address":"([^"]+)"/.exec(text)?.[1] ?? ''),
  });
  try {
    await work(await address);
  } finally {
    end();
  }
  return (await ended).code;
}

test('a shared store is pulled from and pushed to by another one', async ({ box }) => {
  const digest = await build(box, 'one\n', 'acme/web:1');
  const other = { env: { STRATA_HOME: join(box.folder, 'other') } };
  const code = await whileShared(box, async (address) => {
    const pulled = await box.strata(['pull', `${address}/acme/web:1`, '--json'], other);
    expect(pulled.events.at(-1)).toMatchObject({ ok: true, digest });
    const pushed = await box.strata(['push', `${address}/acme/web:1`, '--to', `${address}/back:2`], other);
    expect(pushed.code).toBe(0);
    const listed = await box.strata(['ls-remote', `${address}/`, '--json'], other);
    expect(listed.events.map(({ repository }) => repository)).toEqual(['acme/web', 'back']);
  });
  expect(code).toBe(0);
  expect((await box.strata(['inspect', 'back:2', '--json'])).events[0]).toMatchObject({
    manifestDigest: digest,
  });
});

test('the journal tells each move of a tag, and takes one back', async ({ box, registry }) => {
  const one = await build(box, 'one\n', 'web:1');
  const two = await build(box, 'two\n', 'web:1');
  const [moved] = (await box.strata(['tags', 'web:1', '--json'])).events;
  expect(moved).toMatchObject({
    type: 'tag-move',
    name: 'web:1',
    host: null,
    from: one,
    to: two,
    by: 'build',
  });
  await box.strata(['tags', 'roll-back', String(moved?.id)]);
  const target = `${registry}/journal/web:1`;
  expect((await box.strata(['push', 'web:1', '--to', target])).code).toBe(0);
  expect((await box.strata(['push', two, '--to', target, '--move-tag'])).code).toBe(0);
  const [pushed] = (await box.strata(['tags', target, '--json'])).events;
  expect(pushed).toMatchObject({ host: registry, from: one, to: two, by: 'push' });
  const back = await box.strata(['tags', 'roll-back', String(pushed?.id), '--json']);
  expect(back.events.at(-1)).toMatchObject({ ok: true, to: one, by: 'roll-back' });
  const [shown] = (await box.strata(['inspect', '--remote', target, '--json'])).events;
  expect(shown).toMatchObject({ manifestDigest: one });
});

test('a tag of an immutable repository moves only when its name is typed', async ({ box, registry }) => {
  await box.settings({ mirrors: {}, immutableRepositories: [`${registry}/frozen/*`] });
  const target = `${registry}/frozen/web:latest`;
  await build(box, 'one\n', 'web:1');
  expect((await box.strata(['push', 'web:1', '--to', target])).code).toBe(0);
  await build(box, 'two\n', 'web:1');
  for (const more of [[], ['--move-tag'], ['--move-tag', '--confirm', 'newest']]) {
    const refused = await box.strata(['push', 'web:1', '--to', target, '--json', ...more]);
    expect(refused.code).toBe(1);
    expect(refused.events.at(-1)).toMatchObject({ type: 'error', code: 'tag-moved' });
  }
  const typed = ['push', 'web:1', '--to', target, '--move-tag', '--confirm', 'latest'];
  expect((await box.strata(typed)).code).toBe(0);
});

test('bases are told, asked for and pinned', async ({ box, registry }) => {
  await box.settings({ mirrors: {} });
  const base = `${registry}/bases/base`;
  const digest = await build(box, 'one\n', `${base}:latest`);
  await box.strata(['push', `${base}:latest`]);
  const newer = await build(box, 'two\n', 'newer:1');
  await box.strata(['push', 'newer:1', '--to', `${base}:latest`]);
  const folder = await box.files('based', {
    Dockerfile: `FROM ${base}\nFROM scratch\nCOPY --from=${base}:latest / /\n`,
  });
  const found = await box.strata(['bases', folder, '--check', '--json']);
  const known = { state: 'floating', localDigest: digest, registryDigest: newer, newer: true };
  expect(found.events).toMatchObject([
    { line: 1, ...known },
    { line: 3, ...known },
  ]);
  const before = await readFile(join(folder, 'Dockerfile'), 'utf8');
  await box.strata(['pin', folder, '--preview']);
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe(before);
  await box.strata(['pin', folder]);
  const pinned = `${base}:latest@${digest}`;
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe(
    `FROM ${pinned}\nFROM scratch\nCOPY --from=${pinned} / /\n`,
  );
  await box.strata(['pin', folder, '--line', '1']);
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toContain(`FROM ${base}:latest@${newer}\n`);
});

test('an image is copied between repositories and listed with what it is', async ({ box, registry }) => {
  const digest = await build(box, 'one\n', 'web:1');
  await box.strata(['push', 'web:1', '--to', `${registry}/copies/from:1`]);
  const copied = await box.strata([
    'copy',
    `${registry}/copies/from:1`,
    `${registry}/copies/to:v1`,
    '--json',
  ]);
  expect(copied.events.at(-1)).toMatchObject({ ok: true, digest, pinned: `${registry}/copies/to@${digest}` });
  const told = await box.strata(['copy', `${registry}/copies/from:1`, `${registry}/copies/again`]);
  expect(told.stdout).toContain(
    `${registry}/copies/from:1 is copied to ${registry}/copies/again:latest\n  ${registry}/copies/again@${digest}\n`,
  );
  const listed = await box.strata(['ls-remote', `${registry}/copies/to`, '--long', '--json']);
  expect(listed.events).toMatchObject([{ tag: 'v1', digest, index: false }]);
  const missing = await box.strata([
    'copy',
    `${registry}/copies/none:1`,
    `${registry}/copies/to:v2`,
    '--json',
  ]);
  expect(missing.code).toBe(1);
  expect(missing.events.at(-1)).toMatchObject({ code: 'not-found' });
});

test('an image that is there for another platform alone is pulled, and that is said', async ({
  box,
  registry,
}) => {
  const target = `${registry}/platform/web:1`;
  await build(box, 'one\n', target);
  await box.strata(['push', target]);
  const own = await box.strata(['pull', target, '--json']);
  expect(own.stderr).toBe('');
  const platform = own.events.at(-1)?.platform;
  const other = await box.strata(['pull', target, '--platform', 'linux/s390x', '--json']);
  expect(other.events.at(-1)).toMatchObject({ ok: true, platform });
  expect(other.stderr).toContain(`It is for ${platform}; the image is not there for linux/s390x.`);
});

test('a push by digest takes the image’s own one and no other', async ({ box, registry }) => {
  const one = await build(box, 'one\n', 'web:1');
  const two = await build(box, 'two\n', 'web:2');
  const pushed = await box.strata(['push', 'web:1', '--to', `${registry}/digests/web@${one}`, '--json']);
  expect(pushed.events.at(-1)).toMatchObject({ ok: true, pinned: `${registry}/digests/web@${one}` });
  const refused = await box.strata(['push', 'web:1', '--to', `${registry}/digests/web@${two}`, '--json']);
  expect(refused.code).toBe(2);
  expect(refused.events.at(-1)).toMatchObject({ type: 'error', code: 'invalid-input' });
});
