import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { splitDigest } from '#shared/oci/digest.ts';
import { type Built, Workshop } from '../../build/testing/workshop.ts';
import { hasBusybox } from '../../sandbox/testing/busybox-image.ts';
import { collectionCutoff } from '../../store/collect.ts';
import { planPrune } from './prune-plan.ts';
import { createSandboxRunner } from './sandbox-runner.ts';

const FILES = Object.fromEntries(
  Array.from({ length: 60 }, (_, at) => [`src/part-${at % 6}/file-${at}`, `text ${at}\n`]),
);
/** The folders' names of what COPY and RUN made. */
function layersOf({ record }: Built): readonly [string, string] {
  const [copied = '', ran = ''] = record.layers.slice(-2).map(({ diffId }) => splitDigest(diffId).hex);
  return [copied, ran];
}

/** What the command saw is part of the image: path, kind, mode and time of everything, and all contents. */
const DOCKERFILE = `FROM box
COPY src /app/src
RUN cd /app; find src | sort | xargs stat -c '%n %F %a %u:%g %Y' > /seen; find src -type f | sort | xargs cat >> /seen
`;
const KINDS = { directory: 'directory', symlink: 'symbolic link', file: 'regular file' };

describe.skipIf(!hasBusybox)('a layer that is like the last one', () => {
  let shop: Workshop;
  beforeEach(async () => {
    shop = await Workshop.open(createSandboxRunner);
    await shop.addBusybox('box');
    await shop.write({ Dockerfile: DOCKERFILE, ...FILES });
  });
  afterEach(() => shop.close());

  const at = (path: string) => join(shop.context, 'src', path);
  const lowers = () => readdir(shop.store.paths.lower());

  /** What a command over the layer of the image's COPY must see. */
  async function expected({ record }: Built): Promise<string> {
    const tree = await shop.tree(record);
    const listing = await shop.listing(record);
    const paths = Object.keys(listing)
      .filter((path) => /^app\/src(\/|$)/.test(path))
      .sort();
    const lines = paths.map((path) => {
      const entry = tree.get(path)?.entry;
      const kind = KINDS[(entry?.type ?? 'file') as keyof typeof KINDS];
      const mode = entry?.mode.toString(8);
      return `${path.slice(4)} ${kind} ${mode} ${entry?.uid}:${entry?.gid} ${entry?.mtime}\n`;
    });
    const contents = paths.map((path) => /^file \d+ \d+:\d+ (.*)$/s.exec(listing[path] ?? '')?.[1] ?? '');
    return lines.join('') + contents.join('');
  }

  /** Builds, and shows that the command saw the files of the context and nothing else. */
  async function build(tag = 'app:1'): Promise<Built> {
    const built = await shop.build({ tags: [tag] });
    const seen = (await shop.listing(built.record)).seen ?? '';
    expect(seen.replace(/^file \d+ \d+:\d+ /, '')).toBe(await expected(built));
    return built;
  }

  it('is what a command sees after each of many edits', async () => {
    await build();
    const edits: [string, () => Promise<unknown>][] = [
      ['a text', () => writeFile(at('part-0/file-6'), 'edited\n')],
      ['the text again', () => writeFile(at('part-0/file-6'), 'edited once more\n')],
      ['a mode', () => chmod(at('part-1/file-7'), 0o750)],
      ['the mode of a folder', () => chmod(at('part-2'), 0o700)],
      ['a file more', () => writeFile(at('part-2/new'), 'new\n')],
      ['a folder more', () => mkdir(at('more/below'), { recursive: true })],
      ['a link more', () => symlink('../part-0/file-6', at('more/link'))],
      ['a file less', () => rm(at('part-3/file-9'))],
      ['a text after that', () => writeFile(at('part-3/file-15'), 'edited\n')],
      ['a folder for a file', () => rm(at('part-4/file-10')).then(() => mkdir(at('part-4/file-10')))],
      ['a file in it', () => writeFile(at('part-4/file-10/inside'), 'inside\n')],
      [
        'a file for the folder',
        () =>
          rm(at('part-4/file-10'), { recursive: true }).then(() => writeFile(at('part-4/file-10'), 'back\n')),
      ],
      ['a folder less', () => rm(at('part-5'), { recursive: true })],
      ['the folder again', () => shop.write({ 'src/part-5/file-5': 'again\n' })],
    ];
    for (const [name, edit] of edits) {
      await edit();
      await build().catch((error) => {
        throw new Error(`After ${name}`, { cause: error });
      });
    }
    expect((await lowers()).filter((name) => name.endsWith('-over')).length).toBeGreaterThan(5);
  });

  it('is seen as well where the folder that it would lie over was removed', async () => {
    const first = await build();
    const [copied] = layersOf(first);
    await writeFile(at('part-0/file-6'), 'second\n');
    await build();
    await rm(join(shop.store.paths.lower(), copied), { recursive: true });
    // The layer is the same, and the command over it another.
    await shop.write({ Dockerfile: `${DOCKERFILE}RUN cat /app/src/part-0/file-6 > /again\n` });
    const again = await build();
    expect((await shop.listing(again.record)).again).toContain('second');
    await writeFile(at('part-0/file-6'), 'third\n');
    await build();
  });

  it('keeps the folder that it lies over from being cleaned up', async () => {
    const first = await build();
    await writeFile(at('part-0/file-6'), 'second\n');
    const second = await build();
    const [below, ran] = layersOf(first);
    const [over] = layersOf(second);
    const { lower } = shop.store.paths;
    expect(existsSync(join(lower(), `${over}-over`, 'below'))).toBe(true);
    const { ctimeMs } = await stat(join(lower(), `${over}-over`));
    while ((await collectionCutoff(shop.store.paths)) <= ctimeMs + 1000) await delay(100);
    const plan = await planPrune(shop.services, { all: true });
    expect(plan.lowers).toContain(ran);
    expect(plan.lowers).not.toContain(below);
    expect(plan.lowers).not.toContain(over);
  });
});
