import type { CacheSharing } from '../dockerfile/run-mount.ts';
import type { SourceTree } from '../sources/source-tree.ts';

/** Files that a mount shows: what lies at a clean path of a tree, symlinks followed. */
export interface MountSource {
  readonly tree: SourceTree;
  readonly path: string;
}

/** Numeric owner and permission bits of what is mounted. */
interface MountAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A mount of a RUN step, its sources found. `target` is an absolute clean path in the image. */
export type StepMount =
  /** What the step writes there is thrown away. */
  | {
      readonly type: 'bind';
      readonly target: string;
      readonly source: MountSource;
      readonly readonly: boolean;
    }
  /** A folder that is kept between builds. */
  | (MountAttributes & {
      readonly type: 'cache';
      readonly target: string;
      /** As written, for words. */
      readonly name: string;
      /** What tells caches apart: equal keys share a folder. */
      readonly key: string;
      readonly sharing: CacheSharing;
      /** What a new cache begins with; null for nothing. */
      readonly seed: MountSource | null;
      readonly readonly: boolean;
    })
  | { readonly type: 'tmpfs'; readonly target: string; readonly size: number | null }
  | (MountAttributes & { readonly type: 'secret'; readonly target: string; readonly content: Uint8Array })
  /** `socket` is the one of an agent on this machine. */
  | (MountAttributes & { readonly type: 'ssh'; readonly target: string; readonly socket: string })
  /** A folder with one file that can be executed. */
  | { readonly type: 'script'; readonly target: string; readonly name: string; readonly content: string };
