import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerEntry, LayerIndex } from '../image/layer-index.ts';
import type { NewLayerEntry } from '../image/layer-writer.ts';
import { createSlice, visitInSlices } from '../platform/yield.ts';
import { hasXattrs, isSame, setAttributes, writeEntry } from './laid-entries.ts';
import { isOverlayForm } from './overlay-form.ts';
import type { SandboxHost } from './sandbox-host.ts';

/** Up to so many entries and bytes are written here; for more a program beside this process is faster. */
const MOST_ENTRIES = 256;
const MOST_BYTES = 8 << 20;

/** A layer, in overlay form, that differs in little from one that is to be laid down. */
export interface EarlierLayer {
  readonly folder: string;
  readonly entries: EntriesByPath;
}

/** The entries of a layer by their paths. */
export interface EntriesByPath {
  /** How many paths there are. */
  readonly size: number;
  get(path: string): LayerEntry | undefined;
}

/** A layer that is written, and how its files are read; in the order of the index that is cheap. */
export interface WrittenFiles {
  readonly index: LayerIndex;
  content(entry: LayerEntry): AsyncIterable<Uint8Array>;
}

/** Entries looked at to foresee how much is to be written. */
const SAMPLE = 256;

/** Entries of a layer that is not written yet. */
export interface ExpectedEntries {
  readonly count: number;
  /** So many of them at most, evenly from all. */
  sample(most: number): Iterable<NewLayerEntry>;
}

/** Whether a layer will likely be laid down: little of it seems to be other than in the earlier layer. */
export function isLikelyLaid(expected: ExpectedEntries, earlier: EntriesByPath | null): boolean {
  const load = new WrittenLoad();
  const sample = [...expected.sample(SAMPLE)];
  const weight = expected.count / sample.length;
  for (const entry of sample)
    if (entry.type !== 'directory' && !isSame(earlier?.get(entry.path), entry)) load.add(entry, weight);
  return !load.isTooMuch;
}

/** What is to be written here of a layer that is like another. */
export class WrittenLoad {
  #entries = 0;
  #bytes = 0;

  /** Counts an entry, or `weight` that are like it. */
  add({ size }: NewLayerEntry, weight = 1): void {
    this.#entries += weight;
    this.#bytes += size * weight;
  }

  /** Whether it is better unpacked as a whole. */
  get isTooMuch(): boolean {
    return this.#entries > MOST_ENTRIES || this.#bytes > MOST_BYTES;
  }
}

/**
 * Puts the folder of a layer together in this process: hard links to what the earlier layer has the same, the rest
 * written. False, with `target` left half done, where the layer is not made for that: it is to be unpacked then. Throws
 * what writing throws, and the reason of `signal`.
 */
export async function layLayer(
  target: string,
  { index, content }: WrittenFiles,
  earlier: EarlierLayer | null,
  host: SandboxHost,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await canBeWritten(index, host))) return false;
  const owns = host.mode === 'root';
  const folders: LayerEntry[] = [];
  const slice = createSlice();
  const load = new WrittenLoad();
  mkdirSync(target, { mode: 0o755 });
  for (const entry of index.entries) {
    if (slice.due()) {
      await slice.pause();
      signal.throwIfAborted();
    }
    const place = join(target, entry.path);
    if (entry.type === 'directory') {
      mkdirSync(place, { mode: 0o700 });
      folders.push(entry);
    } else if (entry.type === 'hardlink') linkSync(join(target, entry.linkTarget ?? ''), place);
    else if (earlier !== null && isSame(earlier.entries.get(entry.path), entry))
      linkSync(join(earlier.folder, entry.path), place);
    else {
      load.add(entry);
      if (load.isTooMuch || !(await writeEntry(place, entry, content, owns))) return false;
    }
  }
  if (folders.some(hasXattrs)) return false;
  // Last, and from the inside out: what is put into a folder changes its time.
  for (const folder of folders.reverse()) setAttributes(join(target, folder.path), folder, owns);
  return true;
}

/** Whether this process can write the entries of a layer as they are, as far as owners and names go. */
export async function canBeWritten(index: LayerIndex, host: SandboxHost): Promise<boolean> {
  return (await isOverlayForm(index, host)) && (host.mode === 'root' || (await isRootsAlone(index)));
}

async function isRootsAlone({ entries }: LayerIndex): Promise<boolean> {
  let isAlone = true;
  await visitInSlices(entries, ({ uid, gid }) => {
    isAlone &&= uid === 0 && gid === 0;
  });
  return isAlone;
}

/** Finds the entries of a layer by path, which takes a look at each of them and a place in memory. */
export async function findByPath({ entries }: LayerIndex): Promise<EntriesByPath> {
  const places = new Map<string, number>();
  let count = 0;
  await visitInSlices(entries, ({ path }) => void places.set(path, count++));
  return {
    size: places.size,
    get: (path) => {
      const place = places.get(path);
      return place === undefined ? undefined : entries.at(place);
    },
  };
}
