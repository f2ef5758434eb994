import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepMount } from '../../../build/steps/step-mount.ts';
import { writeFileAtomic } from '../../../platform/atomic-file.ts';
import { errnoOf, isMissing, writeError } from '../../../platform/file-errors.ts';
import { isProcessAlive, processIdentity } from '../../../platform/process-identity.ts';
import { touchAtOnce } from '../../../platform/touch.ts';
import { removeTree } from '../../../sandbox/remove-tree.ts';
import { folderSize } from '../../../store/collect.ts';
import { namesIn } from '../../../store/leases.ts';
import { copyTree } from './copy-tree.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import { giveFile } from './give-file.ts';

export type CacheMount = Extract<StepMount, { type: 'cache' }>;

/** A cache that a step may use until it is released. */
export interface OpenCache {
  readonly path: string;
  release(): Promise<void>;
}

const UNFINISHED = '.work-';

/**
 * The folders that RUN --mount=type=cache keeps between builds:
 *
 *     <hash>/        the files; the hash is that of the mount's key
 *     <hash>.1/ ...  further ones, for builds that want a private cache at the same time
 *     <hash>.json    what it is called in the Dockerfile
 *     <hash>.lock    locked by whoever uses it
 */
export class CacheMounts {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens the cache of a mount, made when it is new. `locked` waits until nobody else uses it (`onWait` is called
   * then), `private` takes another folder instead. Throws `cancelled` and what writing may cause.
   */
  async open(mount: CacheMount, signal: AbortSignal, onWait: () => void): Promise<OpenCache> {
    const hash = createHash('sha256').update(mount.key).digest('hex');
    const { name, lock } = await this.#lock(hash, mount, signal, onWait);
    try {
      const path = join(this.#folder, name);
      if (await exists(path)) touchAtOnce(path);
      else await this.#make(path, mount, signal);
      return { path, release: () => lock.release() };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The caches that are here, with the bytes of their files and when one was last opened (ms since the epoch). */
  async list(): Promise<{ readonly name: string; readonly bytes: number; readonly usedAt: number }[]> {
    const names = (await namesIn(this.#folder)).filter((name) => /^[0-9a-f]{64}(\.\d+)?$/.test(name));
    return Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        // What steps write may give the folder any time; the time of its last change nothing but the clock sets.
        const usedAt = await stat(path).then(
          ({ ctimeMs }) => ctimeMs,
          () => 0,
        );
        return { name, bytes: (await folderSize(path)).bytes, usedAt };
      }),
    );
  }

  /** Removes a cache unless a build uses it now; tells whether it did. */
  async remove(name: string, signal: AbortSignal): Promise<boolean> {
    const lock = await lockFile(this.#lockPath(name), { shared: false, wait: false, signal });
    if (lock === null) return false;
    try {
      const away = join(this.#folder, unfinishedName());
      await rename(join(this.#folder, name), away);
      await rm(join(this.#folder, `${name}.json`), { force: true });
      await removeTree(away);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    } finally {
      await lock.release();
    }
  }

  /** Removes what processes left behind that were killed at work. */
  async sweep(): Promise<void> {
    for (const name of await namesIn(this.#folder)) {
      if (!name.startsWith(UNFINISHED)) continue;
      const owner = name.slice(UNFINISHED.length).split('.')[0] ?? '';
      if (!isProcessAlive(owner)) await removeTree(join(this.#folder, name));
    }
  }

  async #lock(
    hash: string,
    { sharing }: CacheMount,
    signal: AbortSignal,
    onWait: () => void,
  ): Promise<{ name: string; lock: FileLock }> {
    const shared = sharing === 'shared';
    for (let number = 0; ; number += 1) {
      const name = number === 0 ? hash : `${hash}.${number}`;
      const lock = await lockFile(this.#lockPath(name), { shared, wait: false, signal });
      if (lock !== null) return { name, lock };
      if (sharing === 'private') continue;
      onWait();
      const later = await lockFile(this.#lockPath(name), { shared, wait: true, signal });
      if (later !== null) return { name, lock: later };
    }
  }

  /** Makes the folder complete before it gets its name. */
  async #make(path: string, mount: CacheMount, signal: AbortSignal): Promise<void> {
    const work = join(this.#folder, unfinishedName());
    try {
      await writeFileAtomic(`${path}.json`, JSON.stringify({ name: mount.name }), { sync: false });
      if (mount.seed === null) await makeEmpty(work, mount, signal);
      else await copyTree(mount.seed, work, signal);
      await rename(work, path);
    } catch (error) {
      await removeTree(work).catch(() => undefined);
      // Of two builds that share a new cache, one is first.
      if (errnoOf(error) === 'ENOTEMPTY' || errnoOf(error) === 'EEXIST') return;
      throw writeError(error, path);
    }
  }

  #lockPath(name: string): string {
    return join(this.#folder, `${name}.lock`);
  }
}

async function makeEmpty(path: string, { mode, uid, gid }: CacheMount, signal: AbortSignal): Promise<void> {
  await mkdir(path);
  await chmod(path, mode);
  await giveFile(path, { uid, gid }, `The cache could not be given to ${uid}:${gid}`, signal);
}

function unfinishedName(): string {
  return `${UNFINISHED}${processIdentity()}.${randomBytes(6).toString('hex')}`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
