import type { ContextEntry } from './context/context-entry.ts';
import type { DockerfileText } from './load-dockerfile.ts';

/** What a file of a context is taken to have, instead of what it has on this machine. */
export interface EntryAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch; its own when absent. */
  readonly mtime?: number | undefined;
}

/** Where the files of a build lie when its context is an address or comes from standard input. */
export interface ContextPlace {
  /** Absolute path of the folder on this machine; it may be another one in each build. */
  readonly folder: string;
  /** Whether the context itself was brought here: then no ignore file counts, as in BuildKit. */
  readonly isFetched: boolean;
  /** The Dockerfile, where it is none of the context's files. */
  readonly dockerfile?: DockerfileText | undefined;
  /** Absent where files are taken as they lie there. */
  readonly attributesOf?: ((entry: ContextEntry) => EntryAttributes) | undefined;
  /** When its files were committed, in seconds since the epoch: what SOURCE_DATE_EPOCH=context means. */
  readonly epoch?: number | undefined;
}
