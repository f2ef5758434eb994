import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepMount } from '../../../build/steps/step-mount.ts';
import { writeError } from '../../../platform/file-errors.ts';
import type { StackMount } from '../../../sandbox/stack-mounts.ts';
import type { BindMount, TmpfsMount } from '../../../sandbox/step-mounts.ts';
import type { SecretFile } from '../../../sandbox/step-request.ts';
import type { LayerRecord } from '../../../store/image-records.ts';
import type { CacheMounts } from './cache-mounts.ts';
import { copyTree } from './copy-tree.ts';
import { forwardSocket } from './ssh-forward.ts';

/** The mounts of a step as the sandbox takes them. */
export interface SandboxMounts {
  readonly binds: readonly BindMount[];
  readonly stacks: readonly StackMount[];
  readonly tmpfs: readonly TmpfsMount[];
  readonly secrets: readonly SecretFile[];
}

export interface MountOptions {
  /** A folder of the step's own for what has to be copied; made when it is needed. */
  readonly folder: string;
  readonly caches: CacheMounts;
  /** Lays out layers as folders in overlay form, oldest first. */
  unpack(layers: readonly LayerRecord[]): Promise<readonly string[]>;
  readonly signal: AbortSignal;
  /** Text for the log of the step. */
  note(text: string): void;
}

/** A new tmpfs is open to all, as in BuildKit. */
const TMPFS_MODE = 0o1777;

/** Makes the mounts of one step. `release` must be called when the step has ended, also after an error. */
export class MountPreparer {
  readonly #options: MountOptions;
  readonly #binds: BindMount[] = [];
  readonly #stacks: StackMount[] = [];
  readonly #tmpfs: TmpfsMount[] = [];
  readonly #secrets: SecretFile[] = [];
  readonly #releases: (() => Promise<void>)[] = [];
  #copies = 0;

  constructor(options: MountOptions) {
    this.#options = options;
  }

  /** All mounts, one after the other: a cache that must be waited for is asked for in the same order everywhere. */
  async prepare(mounts: readonly StepMount[]): Promise<SandboxMounts> {
    for (const mount of mounts) await this.#add(mount);
    return { binds: this.#binds, stacks: this.#stacks, tmpfs: this.#tmpfs, secrets: this.#secrets };
  }

  async release(): Promise<void> {
    for (const release of this.#releases.splice(0)) await release();
  }

  async #add(mount: StepMount): Promise<void> {
    const { target } = mount;
    switch (mount.type) {
      case 'bind':
        return this.#bind(mount);
      case 'cache': {
        const wait = () =>
          this.#options.note(`Waiting for the cache ${mount.name}, which another step uses\n`);
        const cache = await this.#options.caches.open(mount, this.#options.signal, wait);
        this.#releases.push(cache.release);
        this.#binds.push({ source: cache.path, target, readonly: mount.readonly });
        return;
      }
      case 'tmpfs':
        this.#tmpfs.push({ target, size: mount.size ?? undefined, mode: TMPFS_MODE });
        return;
      case 'secret': {
        const { content, mode, uid, gid } = mount;
        this.#secrets.push({ target, content, mode, uid, gid });
        return;
      }
      case 'ssh': {
        const socket = await forwardSocket(mount.socket, mount, this.#options.signal);
        this.#releases.push(socket.close);
        this.#binds.push({ source: socket.path, target, readonly: true });
        return;
      }
      case 'script': {
        const folder = await this.#copyPath();
        await mkdir(folder);
        await writeFile(join(folder, mount.name), mount.content, { mode: 0o755 });
        this.#binds.push({ source: folder, target, readonly: true });
      }
    }
  }

  /** Layers are shown as they are; of a folder a copy, which has the owners and holds nothing that is ignored. */
  async #bind({ source, target, readonly }: Extract<StepMount, { type: 'bind' }>): Promise<void> {
    const { tree, path } = source;
    if (tree.layers === undefined) {
      const copy = await this.#copyPath();
      await copyTree(source, copy, this.#options.signal);
      this.#binds.push({ source: copy, target, readonly });
      return;
    }
    const lowers = await this.#options.unpack(tree.layers);
    const kind = path === '' || tree.get(path)?.type === 'directory' ? 'folder' : 'file';
    this.#stacks.push({ lowers, path, kind, target, readonly });
  }

  async #copyPath(): Promise<string> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true }).catch((error) => {
      throw writeError(error, folder);
    });
    this.#copies += 1;
    return join(folder, String(this.#copies));
  }
}
