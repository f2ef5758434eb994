import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { createTestClient } from '../../registry/testing/test-client.ts';
import { openShare, type TestShare } from '../../share/testing/open-share.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { openStore, type Store } from '../../store/store.ts';
import { addImage } from '../../store/testing/add-image.ts';
import type { BaseInspector, BaseQuery } from '../ports.ts';
import { createBaseInspector } from './base-inspector.ts';

let folder: string;
let store: Store;
let client: RegistryClient;
let registry: TestShare;
let inspector: BaseInspector;
let query: BaseQuery;
let older: ImageRecord;
let newer: ImageRecord;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-bases-'));
  store = await openStore(join(folder, 'home'));
  client = createTestClient();
  registry = await openShare();
  inspector = createBaseInspector({
    store,
    client: async () => client,
    floatingTags: async () => ['latest', 'stable'],
  });
  query = { contextPath: folder, dockerfile: undefined, buildArgs: {}, contexts: {} };
  older = await addImage(store, { a: 'older' });
  newer = await addImage(registry.store, { a: 'newer' }, { names: ['base:1', 'base:latest', 'base:stable'] });
});
afterEach(async () => {
  await client.close();
  await registry.remove();
  await rm(folder, { recursive: true, force: true });
});

const base = (rest: string) => `${registry.share.address}/base${rest}`;
const dockerfile = () => join(folder, 'Dockerfile');
const write = (...lines: string[]) => writeFile(dockerfile(), `${lines.join('\n')}\n`);
const look = (check = false) => inspector.list(query, { check });

it('tells pinned bases, tags and floating ones apart, with what is here', async () => {
  await store.setName(parseReference(base(':1')), { digest: older.digest });
  await write(
    `FROM ${base('')}`,
    `FROM ${base(':stable')}`,
    `FROM ${base(':1')}`,
    `FROM ${base(`:1@${older.digest}`)}`,
    'FROM $NOTHING',
    'FROM scratch',
  );
  expect(await look()).toMatchObject([
    {
      line: 1,
      reference: base(':latest'),
      state: 'floating',
      localDigest: null,
      pinnable: true,
      newer: null,
    },
    { line: 2, state: 'floating' },
    { line: 3, state: 'tagged', localDigest: older.digest },
    { line: 4, state: 'pinned', localDigest: older.digest },
    { line: 5, reference: null, state: 'unknown', pinnable: false, problem: 'A variable has no value here.' },
  ]);
});

it('asks registries what the tags name now, and pulls nothing', async () => {
  await store.setName(parseReference(base(':1')), { digest: older.digest });
  await store.setName(parseReference(base(':stable')), { digest: newer.digest });
  await write(
    `FROM ${base(':1')}`,
    `FROM ${base(':stable')}`,
    `FROM ${base(`:1@${older.digest}`)}`,
    `FROM ${base('')}`,
    `FROM ${base(':none')}`,
    `FROM ${base(`@${older.digest}`)}`,
    'FROM 127.0.0.1:1/base:1',
  );
  const found = await look(true);
  expect(found.map(({ registryDigest, newer }) => [registryDigest, newer])).toEqual([
    [newer.digest, true],
    [newer.digest, false],
    [newer.digest, true],
    [newer.digest, null],
    [null, null],
    [null, null],
    [null, null],
  ]);
  expect(found[4]?.problem).toBe('Its registry does not have it.');
  expect(found[6]?.problem).toMatch(/127\.0\.0\.1:1/);
  expect(await store.images.get(newer.digest)).toBeNull();
});

it('shows a change before it is made, and makes that one', async () => {
  await write('# syntax comment', `FROM ${base(':1')} AS one`, 'RUN true');
  await chmod(dockerfile(), 0o640);
  const text = await readFile(dockerfile(), 'utf8');
  const preview = await inspector.pin(query, { line: 2, preview: true });
  expect(preview).toMatchObject({
    line: 2,
    before: `FROM ${base(':1')} AS one`,
    after: `FROM ${base(`:1@${newer.digest}`)} AS one`,
    digest: newer.digest,
    written: false,
  });
  expect(await readFile(dockerfile(), 'utf8')).toBe(text);
  const { fingerprint, digest } = preview;
  await inspector.pin(query, { line: 2, fingerprint, digest, preview: false });
  expect(await readFile(dockerfile(), 'utf8')).toBe(text.replace(':1 ', `:1@${newer.digest} `));
  expect((await stat(dockerfile())).mode & 0o777).toBe(0o640);
});

it('pins to what the store built with, and a pinned base to what its tag names now', async () => {
  await store.setName(parseReference(base(':1')), { digest: older.digest });
  await write(`FROM ${base(':1')}`, `FROM ${base(`:1@${older.digest}`)}`);
  expect((await inspector.pin(query, { line: 1, preview: true })).digest).toBe(older.digest);
  expect((await inspector.pin(query, { line: 2, preview: true })).digest).toBe(newer.digest);
});

it('writes nothing over a file that changed after the preview, and not through a link', async () => {
  await write(`FROM ${base(':1')}`);
  const { fingerprint } = await inspector.pin(query, { line: 1, preview: true });
  await write(`FROM ${base(':1')}`, 'RUN true');
  await expect(inspector.pin(query, { line: 1, fingerprint, preview: false })).rejects.toMatchObject({
    code: 'conflict',
  });
  await symlink('Dockerfile', join(folder, 'Linked'));
  const linked = { ...query, dockerfile: 'Linked' };
  await expect(inspector.pin(linked, { line: 1, preview: false })).rejects.toMatchObject({
    code: 'unsupported',
  });
  expect(await readFile(dockerfile(), 'utf8')).toBe(`FROM ${base(':1')}\nRUN true\n`);
});

it.each([
  ['RUN true', 2, 'not-found'],
  ['FROM $V', 2, 'invalid-input'],
  ['FROM "alpine"', 2, 'unsupported'],
])('refuses to pin %s', async (line, number, code) => {
  await write(`FROM ${base(':1')}`, line);
  const digest = newer.digest;
  await expect(inspector.pin(query, { line: number, digest, preview: true })).rejects.toMatchObject({ code });
});

it('takes a pin back byte by byte, but not over later changes', async () => {
  const text = `# one\r\nFROM ${base(':1')} \\\r\n  # between\r\n  AS one\r\nRUN true`;
  await writeFile(dockerfile(), text);
  const pinned = await inspector.pin(query, { line: 2, preview: false });
  expect(await readFile(dockerfile(), 'utf8')).toBe(text.replace(':1 ', `:1@${newer.digest} `));
  const { undo = '' } = pinned;
  await expect(inspector.undoPin(undo)).resolves.toEqual({ path: dockerfile() });
  expect(await readFile(dockerfile(), 'utf8')).toBe(text);
  await expect(inspector.undoPin(undo)).rejects.toMatchObject({ code: 'not-found' });
  const again = await inspector.pin(query, { line: 2, preview: false });
  const changed = `${await readFile(dockerfile(), 'utf8')}\nRUN false\n`;
  await writeFile(dockerfile(), changed);
  await expect(inspector.undoPin(again.undo ?? '')).rejects.toMatchObject({ code: 'conflict' });
  expect(await readFile(dockerfile(), 'utf8')).toBe(changed);
});

it('leaves a text alone that is no UTF-8', async () => {
  const bytes = Buffer.concat([Buffer.from(`FROM ${base(':1')}\n# `), Buffer.from([0xe9, 0x0a])]);
  await writeFile(dockerfile(), bytes);
  await expect(inspector.pin(query, { line: 1, preview: false })).rejects.toMatchObject({
    code: 'unsupported',
  });
  expect((await readFile(dockerfile())).equals(bytes)).toBe(true);
});
