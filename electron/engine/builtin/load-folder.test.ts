import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../store/image-records.ts';
import { openStore, type Store } from '../../store/store.ts';
import { addImage } from '../../store/testing/add-image.ts';
import { createArchives } from './archives.ts';

let folder: string;
let layout: string;
let image: ImageRecord;
let store: Store;
const { signal } = new AbortController();

async function unpacked(from: Store, format: 'oci' | 'docker', name: string): Promise<string> {
  const archive = await createArchives(from).save('acme/web:1.0', { format });
  await pipeline(archive.open(signal), createWriteStream(join(folder, 'image.tar')));
  await mkdir(join(folder, name));
  execFileSync('tar', ['-xf', join(folder, 'image.tar'), '-C', join(folder, name)]);
  return join(folder, name);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-load-'));
  const made = await openStore(join(folder, 'made'));
  image = await addImage(made, { 'etc/motd': 'hello\n' }, { names: ['acme/web:1.0'] });
  layout = await unpacked(made, 'oci', 'layout');
  await unpacked(made, 'docker', 'saved');
  store = await openStore(join(folder, 'store'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (path = layout) => {
  const seen: { done: number; total: number | null }[] = [];
  const loading = createArchives(store).load(path, { signal, onProgress: (each) => void seen.push(each) });
  return loading.then((loaded) => ({ ...loaded, seen }));
};
const blob = (digest: string) => join(layout, 'blobs', 'sha256', digest.slice(7));
const index = async () => JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
const writeIndex = (document: unknown) => writeFile(join(layout, 'index.json'), JSON.stringify(document));

describe('a folder of images', () => {
  it('is loaded as its archive would be, with the same digests and names', async () => {
    const { references, digest, seen } = await load();
    expect({ references, digest }).toEqual({ references: ['acme/web:1.0'], digest: image.digest });
    expect((await store.images.get(image.digest))?.layers).toEqual(image.layers);
    expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total);
    expect((await load()).digest).toBe(image.digest);
  });

  it('is loaded from an unpacked docker archive, too, also one without a layout', async () => {
    expect((await load(join(folder, 'saved'))).digest).toBe(image.digest);
    await rm(join(folder, 'saved', 'index.json'));
    expect((await load(join(folder, 'saved'))).references).toEqual(['acme/web:1.0']);
  });

  it('may have links that stay inside of it', async () => {
    const path = blob(image.layers[0]?.digest ?? '');
    await rename(path, join(layout, 'elsewhere'));
    await symlink('../../elsewhere', path);
    expect((await load()).digest).toBe(image.digest);
  });

  it.each([
    ['a layer is missing', () => rm(blob(image.layers[0]?.digest ?? '')), 'not-found'],
    ['the config is missing', () => rm(blob(image.configDigest)), 'not-found'],
    ['the manifest is missing', () => rm(blob(image.digest)), 'malformed'],
    ['a layer has other bytes', () => writeFile(blob(image.layers[0]?.digest ?? ''), 'x'), 'digest-mismatch'],
    ['the config has other bytes', () => writeFile(blob(image.configDigest), '{}'), 'digest-mismatch'],
    ['the manifest has other bytes', () => writeFile(blob(image.digest), '{}'), 'digest-mismatch'],
    [
      'a layer is a link out of the folder',
      async () => {
        const path = blob(image.layers[0]?.digest ?? '');
        await rename(path, join(folder, 'outside'));
        await symlink(join(folder, 'outside'), path);
      },
      'unsafe-archive',
    ],
    [
      'all blobs lie behind a link out of the folder',
      async () => {
        await cp(join(layout, 'blobs'), join(folder, 'blobs'), { recursive: true });
        await rm(join(layout, 'blobs'), { recursive: true });
        await symlink(join(folder, 'blobs'), join(layout, 'blobs'));
      },
      'unsafe-archive',
    ],
    [
      'a layer is a pipe that nobody writes to',
      async () => {
        const path = blob(image.layers[0]?.digest ?? '');
        await rm(path);
        execFileSync('mkfifo', [path]);
      },
      'not-found',
    ],
    [
      'the index is larger than an index is',
      () => writeFile(join(layout, 'index.json'), `{"manifests":[]}${' '.repeat(5_000_000)}`),
      'malformed',
    ],
    [
      'the index names one image ten thousand times',
      async () => {
        const document = await index();
        await writeIndex({ ...document, manifests: Array(10_000).fill(document.manifests[0]) });
      },
      'malformed',
    ],
    ['the index names nothing', async () => writeIndex({ ...(await index()), manifests: [] }), 'malformed'],
    [
      'a docker archive names a file outside',
      async () => {
        await rm(join(layout, 'index.json'));
        const manifest = [{ Config: '../store/settings.json', RepoTags: null, Layers: [] }];
        await writeFile(join(layout, 'manifest.json'), JSON.stringify(manifest));
      },
      'unsafe-archive',
    ],
    ['it is no folder of images', () => rm(join(layout, 'index.json')), 'malformed'],
  ])('is refused where %s, and names nothing', async (_, change, code) => {
    await change();
    await expect(load()).rejects.toMatchObject({ code });
    expect(await store.names.list()).toEqual([]);
    expect(await store.images.get(image.digest)).toBeNull();
  });

  it('is refused where its lists lead back to themselves or go very deep', async () => {
    let inner = (await index()).manifests[0];
    for (let depth = 0; depth < 20; depth += 1) {
      const bytes = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.index.v1+json',
          manifests: [{ ...inner, platform: { os: 'linux', architecture: 'amd64' } }],
        }),
      );
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      await writeFile(blob(digest), bytes);
      inner = { mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: bytes.length };
    }
    await writeIndex({ schemaVersion: 2, manifests: [inner] });
    await expect(load()).rejects.toMatchObject({ code: 'malformed' });
  });
});
