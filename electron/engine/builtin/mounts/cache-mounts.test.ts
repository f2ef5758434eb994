import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CacheMount, CacheMounts } from './cache-mounts.ts';

const { signal } = new AbortController();
const mount = (over: Partial<CacheMount> = {}): CacheMount => ({
  type: 'cache',
  target: '/c',
  name: 'c',
  key: 'c',
  sharing: 'shared',
  seed: null,
  readonly: false,
  mode: 0o755,
  uid: 0,
  gid: 0,
  ...over,
});
const waits = () => {
  throw new Error('It was not to wait.');
};

let folder: string;
let caches: CacheMounts;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-caches-'));
  caches = new CacheMounts(folder);
});
afterEach(() => rm(folder, { recursive: true }));

describe.skipIf(process.platform !== 'linux')('cache mounts (need flock)', () => {
  it('keep their files under one name for equal keys, and apart for others', async () => {
    const first = await caches.open(mount(), signal, waits);
    await writeFile(join(first.path, 'f'), 'kept');
    const shared = await caches.open(mount(), signal, waits);
    expect(await readFile(join(shared.path, 'f'), 'utf8')).toBe('kept');
    const other = await caches.open(mount({ key: 'other', mode: 0o1770 }), signal, waits);
    expect(await readdir(other.path)).toEqual([]);
    expect((await stat(other.path)).mode & 0o7777).toBe(0o1770);
    for (const cache of [first, shared, other]) await cache.release();
    expect((await caches.list()).map(({ bytes }) => bytes).sort()).toEqual([0, 4]);
  });

  it('are waited for when they are locked, until the other lets go', async () => {
    const held = await caches.open(mount(), signal, waits);
    let waited = false;
    let isOpen = false;
    const wanted = caches.open(mount({ sharing: 'locked' }), signal, () => {
      waited = true;
    });
    const opened = wanted.then((cache) => {
      isOpen = true;
      return cache;
    });
    while (!waited) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isOpen).toBe(false);
    await held.release();
    await (await opened).release();
  });

  it('stop being waited for when the build is cancelled', async () => {
    const held = await caches.open(mount(), signal, waits);
    const stop = new AbortController();
    const wanted = caches.open(mount({ sharing: 'locked' }), stop.signal, () => stop.abort());
    await expect(wanted).rejects.toMatchObject({ code: 'cancelled' });
    await held.release();
  });

  it('are removed by a clean-up only while nobody uses them', async () => {
    const held = await caches.open(mount(), signal, waits);
    const [cache] = await caches.list();
    expect(await caches.remove(cache?.name ?? '', signal)).toBe(false);
    await held.release();
    expect(await caches.remove(cache?.name ?? '', signal)).toBe(true);
    expect(await caches.list()).toEqual([]);
    expect(await caches.remove(cache?.name ?? '', signal)).toBe(false);
  });

  it('lose what a killed process had begun', async () => {
    await mkdir(join(folder, '.work-1-1.dead'));
    const alive = await caches.open(mount(), signal, waits);
    await caches.sweep();
    expect((await readdir(folder)).filter((name) => name.startsWith('.work'))).toEqual([]);
    await alive.release();
  });
});
