import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createImageFiles } from '../engine/builtin/image-files.ts';
import type { ImageCatalog } from '../engine/engine.ts';
import { layeredFromStore } from '../engine/layered-image.ts';
import type { ImageComparer, ImageFiles } from '../engine/ports.ts';
import { findImage } from '../store/find-image.ts';
import { catalogOf } from './catalog.ts';
import type { Core } from './core.ts';

/** An image to look at, in the store or in an archive. */
export interface ViewedImage {
  readonly ref: string;
  readonly images: ImageCatalog;
  readonly files: ImageFiles;
}

/**
 * The image that a person means: in an archive where the word is a path (it begins with `/`, `./` or `../`, or ends with
 * `.tar`, `.tgz`, `.tar.gz` or `.tar.zst` and is there), with `@NAME` or `@DIGEST` behind it for one of several; else in
 * the store.
 */
export async function viewImage(core: Core, word: string, cwd: string): Promise<ViewedImage> {
  const path = await archivePath(word, cwd);
  if (path === null)
    return { ref: word, images: catalogOf(core), files: createImageFiles(layeredFromStore(core.store)) };
  const { images, files } = await openArchives(core);
  return { ref: path, images, files };
}

/** Compares two such images, also one in an archive with one of the store. */
export async function viewPair(
  core: Core,
  words: readonly [string, string],
  cwd: string,
): Promise<{ comparer: ImageComparer; a: string; b: string }> {
  const [first, second] = [await archivePath(words[0], cwd), await archivePath(words[1], cwd)];
  if (first === null && second === null) {
    const { createImageComparer } = await import('../engine/builtin/image-comparer.ts');
    return { comparer: createImageComparer(core.store, catalogOf(core)), a: words[0], b: words[1] };
  }
  const digestOf = async (word: string) => (await findImage(core.store, word)).digest;
  const { comparer } = await openArchives(core);
  return { comparer, a: first ?? (await digestOf(words[0])), b: second ?? (await digestOf(words[1])) };
}

async function openArchives(core: Core) {
  const { createArchiveEngine } = await import('../engine/archive/archive-engine.ts');
  return createArchiveEngine(core.store);
}

const PATH = /^(?:\.{0,2}\/|[A-Za-z]:[\\/])/;
const ARCHIVE = /\.(?:tar|tgz|tar\.gz|tar\.zst)(?=@|$)/i;

async function archivePath(word: string, cwd: string): Promise<string | null> {
  if (PATH.test(word)) return resolve(cwd, word);
  const end = ARCHIVE.exec(word);
  if (end === null) return null;
  const path = resolve(cwd, word.slice(0, end.index + end[0].length));
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? resolve(cwd, word) : null;
}
