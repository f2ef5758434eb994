import type { StackTree } from '../image/stack-tree.ts';
import type { LayerFolders } from './lower-store.ts';
import type { StackMount } from './stack-mounts.ts';
import type { BindMount, TmpfsMount } from './step-mounts.ts';

/** Bytes that a step may read and that are kept in memory only. */
export interface SecretFile {
  /** Absolute path in the image. */
  readonly target: string;
  readonly content: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** One build step to run. */
export interface StepRequest {
  /** The folders of each of the image's layers in overlay form, oldest first; see `LowerStore`. None for an empty image. */
  readonly lowers: readonly LayerFolders[];
  /** What these layers show together, made of exactly them in this order. */
  readonly tree: StackTree;
  readonly argv: readonly string[];
  /** `NAME=value` in order. PATH and HOME are added where they are missing. */
  readonly env: readonly string[];
  /** Absolute path in the image; made for the step when it is missing. */
  readonly cwd: string;
  /** As USER says it: name or number, with `:group` if wanted; empty is root. */
  readonly user: string;
  /** Keep all rights of this user and hide nothing of the machine: for images that are trusted as one trusts a program. */
  readonly insecure?: boolean | undefined;
  readonly hostname?: string | undefined;
  /** `default` and `host` share the host's network; `none` has a loopback only. */
  readonly network: 'default' | 'host' | 'none';
  /** Names that /etc/hosts shall know. */
  readonly extraHosts?: readonly { readonly name: string; readonly address: string }[] | undefined;
  readonly binds?: readonly BindMount[] | undefined;
  readonly stacks?: readonly StackMount[] | undefined;
  readonly tmpfs?: readonly TmpfsMount[] | undefined;
  readonly secrets?: readonly SecretFile[] | undefined;
  /**
   * A folder for this step alone, on a file system that can hold an overlay. It is made if missing; afterwards
   * it holds `upper` and nothing else. Remove it with `removeTree`.
   */
  readonly workDir: string;
  readonly signal: AbortSignal;
  /** Called with output as it comes; until a promise that it answers is kept, no more is read from that stream. */
  readonly onOutput: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void | Promise<void>;
  /** Called with the number (on the host) of the process that holds the step, once it is there. */
  readonly onSpawn?: ((pid: number) => void) | undefined;
}

/** How a step ended. */
export interface StepResult {
  /** As a shell says it: 128 and the signal's number where a signal ended the step. */
  readonly exitCode: number;
  /** The signal that ended the step's first process, where that is known (`SIGKILL`). */
  readonly signal: string | null;
  readonly ms: number;
  /** What the step changed, in overlay form; see `readUpper`. */
  readonly upper: string;
}
