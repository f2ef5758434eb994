import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type DiffId, parseDiffId, splitDigest } from '#shared/oci/digest.ts';
import { cancelled } from '../image/abortable.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import type { StackTree } from '../image/stack-tree.ts';
import { readJsonIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { errnoOf, isMissing, writeError } from '../platform/file-errors.ts';
import { isProcessAlive, processIdentity } from '../platform/process-identity.ts';
import { layDifference } from './lay-difference.ts';
import { type EntriesByPath, layLayer, type WrittenFiles } from './lay-layer.ts';
import { LowerDraft } from './lower-draft.ts';
import type { FolderAttributes } from './lower-tar.ts';
import { requireSandbox } from './probe.ts';
import { removeTree } from './remove-tree.ts';
import type { SandboxHost } from './sandbox-host.ts';
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
  /** Of a layer that is there as a whole. */
  readonly earlier: { readonly diffId: DiffId; readonly entries: EntriesByPath } | null;
}

/** Folders that show a layer, one over the other, oldest first. */
export type LayerFolders = readonly string[];

/** Names of folders in the making and on their way out begin with this and the process that works on them. */
const UNFINISHED = '.work-';

/**
 * Layers unpacked in overlay form, each once:
 *
 *     <diffid hex>/          the layer
 *     <diffid hex>-<hash>/   the same, where the attributes of folders it does not name come from others
 *     <diffid hex>.json      the names of those folders
 *     <diffid hex>-over/     what the layer has other than an earlier one: in `files`, over the folder that `below`
 *                            leads to. That one is whole, so there are never more than two; when it is removed,
 *                            this form counts as not there.
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

  /** The layer's folders, made when they are not there. Throws as `unpackLayer`, and what reading the layer may throw. */
  async ensure(layer: LayerSource, options: EnsureOptions): Promise<LayerFolders> {
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

  /** The layer that is there as a whole and that others like this one can be put together from; null where none is. */
  async whole(diffId: DiffId): Promise<DiffId | null> {
    const { hex } = splitDigest(diffId);
    if (await exists(this.#place(hex))) return diffId;
    const below = await this.below(hex);
    return below !== null && (await exists(this.#place(below))) ? diffIdOf(below) : null;
  }

  /** The layers that are there, in any form. */
  async list(): Promise<DiffId[]> {
    const names = (await this.#names()).filter((name) => !name.startsWith('.') && !name.endsWith('.json'));
    const hexes = new Set(names.map((name) => name.split('-')[0] ?? ''));
    return [...hexes].map(diffIdOf);
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

  /** The folders that fit the tree, null when they are not there yet. */
  async #find(hex: string, tree: StackTree | undefined): Promise<LayerFolders | null> {
    if (await exists(this.#place(hex))) return [this.#place(hex)];
    const below = await this.below(hex);
    if (below !== null && (await exists(this.#place(below)))) return this.#overFolders(hex, below);
    const unnamed = await readJsonIfThere(this.#place(`${hex}.json`));
    if (!Array.isArray(unnamed)) return null;
    const place = this.#place(formName(hex, unnamed.map(String), tree));
    return (await exists(place)) ? [place] : null;
  }

  /** Whose folder a layer's difference lies over; both by the hex of their diffID. Null where it has none. */
  async below(hex: string): Promise<string | null> {
    try {
      return basename(await readlink(this.#place(`${hex}-over/below`)));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  #overFolders(hex: string, below: string): LayerFolders {
    return [this.#place(below), this.#place(`${hex}-over/files`)];
  }

  async #make(
    hex: string,
    layer: LayerSource,
    { signal, tree, laying }: EnsureOptions,
  ): Promise<LayerFolders> {
    await this.#makeFolder();
    const known = (await laying?.()) ?? null;
    const laid = known === null ? null : await this.#lay(hex, known, signal);
    if (laid !== null) return laid;
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
      return [place];
    } catch (error) {
      await removeTree(work).catch(() => undefined);
      throw writeError(error, work);
    }
  }

  /** Puts the layer together in this process; null where that is not possible, whatever the reason. */
  async #lay(hex: string, { files, earlier }: Laying, signal: AbortSignal): Promise<LayerFolders | null> {
    const below = earlier === null ? null : splitDigest(earlier.diffId).hex;
    const from =
      earlier !== null && below !== null && (await exists(this.#place(below)))
        ? { folder: this.#place(below), entries: earlier.entries }
        : null;
    if (from !== null && below !== null) {
      const layOver = async (work: string, host: SandboxHost) => {
        await mkdir(work, { mode: 0o755 });
        await symlink(`../${below}`, join(work, 'below'));
        return layDifference(join(work, 'files'), files, from.entries, host, signal);
      };
      if (await this.#complete(`${hex}-over`, layOver, signal)) return this.#overFolders(hex, below);
    }
    const lay = (work: string, host: SandboxHost) => layLayer(work, files, from, host, signal);
    if (await this.#complete(hex, lay, signal)) return [this.#place(hex)];
    return (await exists(this.#place(hex))) ? [this.#place(hex)] : null;
  }

  /** Gives a folder its name once `make` has filled it; false where it could not, or the name is taken. */
  async #complete(
    name: string,
    make: (work: string, host: SandboxHost) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const work = this.#place(unfinishedName());
    try {
      return (await make(work, await requireSandbox())) && (await moveInto(work, this.#place(name)));
    } catch (error) {
      // A file system without room for more links, or an earlier layer that is removed just now.
      if (signal.aborted) throw error;
      return false;
    } finally {
      await removeTree(work);
    }
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

function diffIdOf(hex: string): DiffId {
  return parseDiffId(`${hex.length === 64 ? 'sha256' : 'sha512'}:${hex}`);
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
