import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import type { LayerIndex } from '../image/layer-index.ts';
import { isOverlayForm } from './overlay-form.ts';
import { removeTree } from './remove-tree.ts';
import type { SandboxHost } from './sandbox-host.ts';
import { extractTar } from './unpack-layer.ts';

/** Bytes that may wait for the program that unpacks before the writer waits too. */
const ROOM = 4 << 20;

/**
 * A layer that is unpacked while it is being written. It is a help and no more: whatever goes wrong, the layer is
 * unpacked later as any other.
 */
export class LowerDraft {
  readonly #folder: string;
  readonly #host: SandboxHost;
  readonly #tar = new PassThrough({ highWaterMark: ROOM });
  readonly #isWhole: Promise<boolean>;

  private constructor(folder: string, host: SandboxHost, signal: AbortSignal) {
    this.#folder = folder;
    this.#host = host;
    this.#isWhole = extractTar(host, this.#tar, folder, signal).then(
      () => true,
      () => false,
    );
  }

  /** Begins in the new folder. Throws what making the folder throws. */
  static async begin(folder: string, host: SandboxHost, signal: AbortSignal): Promise<LowerDraft> {
    await mkdir(folder, { mode: 0o755 });
    return new LowerDraft(folder, host, signal);
  }

  /** Takes the next bytes of the layer's tar; they may not change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#tar.destroyed || this.#tar.write(bytes)) return;
    await Promise.race([once(this.#tar, 'drain'), this.#isWhole]).catch(() => undefined);
  }

  /** Ends the tar. The folder, when it now holds the layer in overlay form; else null, and it is gone. */
  async finish(index: LayerIndex): Promise<string | null> {
    this.#tar.end();
    if ((await this.#isWhole) && (await isOverlayForm(index, this.#host))) return this.#folder;
    await removeTree(this.#folder);
    return null;
  }

  /** Stops and removes what is there. */
  async drop(): Promise<void> {
    this.#tar.destroy();
    await this.#isWhole;
    await removeTree(this.#folder);
  }
}
