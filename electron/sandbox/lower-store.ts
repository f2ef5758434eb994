import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type DiffId, parseDiffId, splitDigest } from '#shared/oci/digest.ts';
import { cancelled } from '../image/abortable.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import type { StackTree } from '../image/stack-tree.ts';
import { readJsonIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { errnoOf, isMissing, writeError } from '../platform/file-errors.ts';
import { isProcessAlive, processIdentity } from '../platform/process-identity.ts';
import { type FindEntry, layLayer, type WrittenFiles } from './lay-layer.ts';
import { LowerDraft } from './lower-draft.ts';
import type { FolderAttributes } from './lower-tar.ts';
import { requireSandbox } from './probe.ts';
import { removeTree } from './remove-tree.ts';
import { sweepScratch } from './sweep-scratch.ts';
import { unpackLayer } from './unpack-layer.ts';

/** What of a layer is needed to unpack it. */
export interface LayerSource {
  readonly diffId: DiffId;
  uncompressed(signal: AbortSignal): Promise<Readable>;
}

export interface EnsureOptions {
  readonly signal: AbortSignal;
  /**
   * The file system that the layer is part of. Folders that the layer fills without naming them get the owner
   * and mode they have there; without it they belong to root.
   */
  readonly tree?: StackTree | undefined;
  /** Asked how the layer can be put together in this process; null where it is to be unpacked. */
  readonly laying?: (() => Promise<Laying | null>) | undefined;
}

/** The files of a layer, and a layer that may be like it. */
export interface Laying {
  readonly files: WrittenFiles;
  readonly earlier: { readonly diffId: DiffId; readonly find: FindEntry } | null;
}

/** Names of folders in the making and on their way out begin with this and the process that works on them. */
const UNFINISHED = '.work-';

/**
 * Layers unpacked in overlay form, each once:
 *
 *     <diffid hex>/          the layer
 *     <diffid hex>-<hash>/   the same, where the attributes of folders it does not name come from others
 *     <diffid hex>.json      the names of those folders
 *     .work-<process>.<n>/   being made or removed
 *
 * A folder gets its name when it is complete, so any process may be killed at any moment, and two may make the
 * same one: the first wins.
 */
export class LowerStore {
  readonly #folder: string;
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The layer's folder, made when it is not there. Throws as `unpackLayer`, and what reading the layer may throw. */
  async ensure(layer: LayerSource, options: EnsureOptions): Promise<string> {
    const { hex } = splitDigest(layer.diffId);
    for (;;) {
      if (options.signal.aborted) throw cancelled();
      const known = await this.#find(hex, options.tree);
      if (known !== null) return known;
      const running = this.#running.get(hex);
      if (running === undefined) {
        const making = this.#make(hex, layer, options);
        this.#running.set(hex, making);
        return making.finally(() => this.#running.delete(hex));
      }
      // Whatever becomes of the other's work, what is there afterwards counts.
      await settledOrAborted(running, options.signal);
    }
  }

  /**
   * Takes over the upper directory of a step as the folder of the layer that was written from it, so that it
   * need not be unpacked for the next step. False when that cannot be: it stays where it is then.
   */
  async adopt(diffId: DiffId, upper: string): Promise<boolean> {
    await this.#makeFolder();
    return moveInto(upper, this.#place(splitDigest(diffId).hex));
  }

  /** Begins to unpack a layer that is being written; what comes of it is given to `take`. */
  async draft(signal: AbortSignal): Promise<LowerDraft> {
    const host = await requireSandbox();
    await this.#makeFolder();
    return LowerDraft.begin(this.#place(unfinishedName()), host, signal);
  }

  /** Takes over what was unpacked of a layer while it was written. */
  async take(draft: LowerDraft, index: LayerIndex): Promise<void> {
    const folder = await draft.finish(index);
    if (folder !== null && !(await moveInto(folder, this.#place(splitDigest(index.diffId).hex))))
      await removeTree(folder);
  }

  /** Whether the layer is there in a form that others can be put together from. */
  has(diffId: DiffId): Promise<boolean> {
    return exists(this.#place(splitDigest(diffId).hex));
  }

  /** The layers that are there, in any form. */
  async list(): Promise<DiffId[]> {
    const names = (await this.#names()).filter((name) => !name.startsWith('.') && !name.endsWith('.json'));
    const hexes = new Set(names.map((name) => name.split('-')[0] ?? ''));
    return [...hexes].map((hex) => parseDiffId(`${hex.length === 64 ? 'sha256' : 'sha512'}:${hex}`));
  }

  /** Removes a layer in all its forms. No step may be using it. */
  async remove(diffId: DiffId): Promise<void> {
    const { hex } = splitDigest(diffId);
    for (const name of await this.#names()) {
      if (name !== hex && !name.startsWith(`${hex}-`)) continue;
      const away = this.#place(unfinishedName());
      await rename(this.#place(name), away);
      await removeTree(away);
    }
    await rm(this.#place(`${hex}.json`), { force: true });
  }

  /** Removes what processes left behind that were killed at work, on this store or running a step. */
  async sweep(): Promise<void> {
    await sweepScratch();
    for (const name of await this.#names()) {
      if (!name.startsWith(UNFINISHED)) continue;
      const owner = name.slice(UNFINISHED.length).split('.')[0] ?? '';
      if (!isProcessAlive(owner)) await removeTree(this.#place(name));
    }
  }

  /** The folder that fits the tree, null when it is not there yet. */
  async #find(hex: string, tree: StackTree | undefined): Promise<string | null> {
    if (await exists(this.#place(hex))) return this.#place(hex);
    const unnamed = await readJsonIfThere(this.#place(`${hex}.json`));
    if (!Array.isArray(unnamed)) return null;
    const place = this.#place(formName(hex, unnamed.map(String), tree));
    return (await exists(place)) ? place : null;
  }

  async #make(hex: string, layer: LayerSource, { signal, tree, laying }: EnsureOptions): Promise<string> {
    await this.#makeFolder();
    const known = (await laying?.()) ?? null;
    if (known !== null && (await this.#lay(hex, known, signal))) return this.#place(hex);
    const work = this.#place(unfinishedName());
    const unnamed: string[] = [];
    try {
      await unpackLayer(await layer.uncompressed(signal), work, {
        signal,
        attributesOf: (folder) => {
          unnamed.push(folder);
          return folderAttributes(folder, tree);
        },
      });
      if (unnamed.length > 0) await writeFileAtomic(this.#place(`${hex}.json`), JSON.stringify(unnamed));
      const place = this.#place(formName(hex, unnamed, tree));
      if (!(await moveInto(work, place))) await removeTree(work);
      return place;
    } catch (error) {
      await removeTree(work).catch(() => undefined);
      throw writeError(error, work);
    }
  }

  /** Puts the layer together in this process; false where that is not possible, whatever the reason. */
  async #lay(hex: string, { files, earlier }: Laying, signal: AbortSignal): Promise<boolean> {
    const work = this.#place(unfinishedName());
    const from =
      earlier !== null && (await this.has(earlier.diffId))
        ? { folder: this.#place(splitDigest(earlier.diffId).hex), find: earlier.find }
        : null;
    try {
      const host = await requireSandbox();
      if ((await layLayer(work, files, from, host, signal)) && (await moveInto(work, this.#place(hex))))
        return true;
    } catch (error) {
      // A file system without room for more links, or an earlier layer that is removed just now.
      if (signal.aborted) throw error;
    } finally {
      await removeTree(work);
    }
    return exists(this.#place(hex));
  }

  async #makeFolder(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      // Nobody else may reach set-id programs and device nodes of images.
      await chmod(this.#folder, 0o700);
    } catch (error) {
      throw writeError(error, this.#folder);
    }
  }

  #place(name: string): string {
    return join(this.#folder, name);
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

function unfinishedName(): string {
  return `${UNFINISHED}${processIdentity()}.${randomBytes(6).toString('hex')}`;
}

function formName(hex: string, unnamed: readonly string[], tree: StackTree | undefined): string {
  if (unnamed.length === 0) return hex;
  const attributes = unnamed.map((folder) => [folder, folderAttributes(folder, tree)]);
  return `${hex}-${createHash('sha256').update(JSON.stringify(attributes)).digest('hex').slice(0, 16)}`;
}

function folderAttributes(folder: string, tree: StackTree | undefined): FolderAttributes {
  const entry = tree?.get(folder)?.entry;
  if (entry?.type !== 'directory') return { mode: 0o755, uid: 0, gid: 0, mtime: 0 };
  const { mode, uid, gid, mtime } = entry;
  return { mode, uid, gid, mtime };
}

/** Renames a folder; false when its new name is taken or on another disk. */
async function moveInto(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EXDEV'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work.catch(() => undefined), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
