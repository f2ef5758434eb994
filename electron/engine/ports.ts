import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { BaseUse, PinnedLine } from '#shared/contract/bases.ts';
import type { BuildDetail, BuildStep, BuildSummary } from '#shared/contract/builds.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type {
  advice,
  differenceQuery,
  FileDifference,
  FileRow,
  fileQuery,
  ImageComparison,
  ImageDetail,
  ImageSummary,
  waste,
} from '#shared/contract/images.ts';
import type { Operation } from '#shared/contract/operations.ts';
import type { BuildAdvice, BuildOptions, ContextPreview, ProjectSource } from '#shared/contract/projects.ts';
import type { PushCheck, RateLimit, RegistryAccount, RemoteTag } from '#shared/contract/registries.ts';
import type { Diagnostic, StorageUsage } from '#shared/contract/settings.ts';
import type { TagMove, TagSource } from '#shared/contract/tags.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { VerifyReport } from '../build/verify/compare-builds.ts';
import type { TransferOptions } from '../image/image.ts';
import type { CachePolicy } from './builtin/cache-policy.ts';
import type { BuildEvent, BuildOutcome, BuildRequest, Engine } from './engine.ts';

/** Which directory of which layer to list, see the contract's `images.files`. `ref` is known to the engine. */
export type FileQuery = Omit<z.infer<typeof fileQuery>, 'engine'>;
/** One page of rows and the number of all. */
export interface FilePage {
  readonly rows: FileRow[];
  readonly total: number;
}
/** One file of one layer; `path` is clean. */
export interface FileAddress {
  readonly ref: string;
  readonly layer: number;
  readonly path: string;
}

/** Lists and reads the files of an engine's images. Throws `not-found` for a missing image, layer or path. */
export interface ImageFiles {
  list(query: FileQuery, signal?: AbortSignal): Promise<FilePage>;
  search(
    query: Pick<FileQuery, 'ref' | 'layer' | 'view' | 'limit'> & { query: string },
    signal?: AbortSignal,
  ): Promise<FilePage>;
  preview(
    file: FileAddress,
    signal?: AbortSignal,
  ): Promise<{ size: number; text: string | null; truncated: boolean }>;
  /** The whole content; links are followed within the stack. */
  open(file: FileAddress, signal?: AbortSignal): Promise<Readable>;
}

/** What an image wastes and what could be done about it. */
export interface ImageInsight {
  waste(
    ref: string,
    signal?: AbortSignal,
  ): Promise<{ waste: z.infer<typeof waste>; advice: z.infer<typeof advice>[]; wastedByLayer: number[] }>;
}

/** Which files of a comparison, see the contract's `images.compareFiles`. */
export type DifferenceQuery = Omit<z.infer<typeof differenceQuery>, 'engine'>;

/** Says how image `b` differs from image `a`. Throws `not-found`, `cancelled`. */
export interface ImageComparer {
  compare(a: string, b: string, signal?: AbortSignal): Promise<ImageComparison>;
  files(query: DifferenceQuery, signal?: AbortSignal): Promise<{ rows: FileDifference[]; total: number }>;
}

/** Reads layers that are elsewhere once, so that their files can be listed; what it learns is kept. */
export interface LayerReader {
  /** `layers` are positions in the image. Throws what a registry refuses with. */
  read(ref: string, layers: readonly number[], options: TransferOptions): Promise<void>;
}

/** How far work is, told as often as it likes. */
export interface ProgressOptions {
  readonly signal: AbortSignal;
  onProgress(progress: NonNullable<Operation['progress']>): void;
}

/** An archive that is ready to be written: its exact size in bytes, and its bytes, which begin at once. */
export interface ArchiveToWrite {
  readonly size: number;
  open(signal: AbortSignal): Readable;
}

/** An image that came into the store. */
export interface TakenImage {
  readonly references: string[];
  /** Of its manifest in the store. */
  readonly digest: string;
  /** Of its config: what it also had where it came from. */
  readonly imageId: string;
  /** Its layers came unpacked and were compressed here: at a registry they may have other digests. */
  readonly repacked: boolean;
}

/** Writes images as archives and reads archives. */
export interface ImageArchives {
  /** `names`: which references the archive gives the image; all of its names by default. Throws `not-found`. */
  save(
    ref: string,
    options: { format: 'oci' | 'docker'; names?: readonly Reference[] | undefined },
  ): Promise<ArchiveToWrite>;
  /** Loads an OCI layout tar or docker archive (also gzip). Throws `malformed`, `unsafe-archive`. */
  load(path: string, options: ProgressOptions): Promise<{ references: string[]; digest: string }>;
  /**
   * Takes the one image of an archive out of a stream, in one pass and without a copy of it. It gets `names`, else those
   * that the archive has. Layers that are not compressed are compressed on the way. Throws as `load`.
   */
  take(
    archive: AsyncIterable<Uint8Array>,
    options: ProgressOptions & { names?: readonly Reference[] | undefined; size: number },
  ): Promise<TakenImage>;
}

/** Looks into archives without loading them. */
export interface ArchiveViewer {
  /** What a layout folder or archive file holds. Throws `not-found`, `permission`, `malformed`, `digest-mismatch`. */
  contents(path: string, signal?: AbortSignal): Promise<{ path: string; images: ImageSummary[] }>;
}

/** How a clean-up is done. */
export interface PruneOptions extends ProgressOptions {
  readonly policy?: CachePolicy | undefined;
}

/** What an engine stores and how it is cleaned up. */
export interface EngineStorage {
  /** `policy` decides what of the build cache a clean-up would remove. */
  usage(signal?: AbortSignal, policy?: CachePolicy): Promise<StorageUsage>;
  prune(options: PruneOptions): Promise<{ freedBytes: number }>;
}

/** Builds the same input twice in two new stores and tells in what the images differ. */
export interface BuildVerifier {
  /** `onBuild` tells that the first or the second build begins; the events are of that build. Throws what a build throws. */
  verify(
    request: BuildRequest,
    options: { signal: AbortSignal; onBuild(build: 1 | 2): void; onEvent(event: BuildEvent): void },
  ): Promise<VerifyReport>;
}

/** An engine with the parts that only some have: present or absent as fields, like all capabilities. */
export interface WorkbenchEngine extends Engine {
  readonly files?: ImageFiles | undefined;
  readonly insight?: ImageInsight | undefined;
  readonly comparer?: ImageComparer | undefined;
  readonly layers?: LayerReader | undefined;
  readonly archives?: ImageArchives | undefined;
  readonly storage?: EngineStorage | undefined;
  readonly verifier?: BuildVerifier | undefined;
}

/** What is known of a build when it begins. */
export interface BuildStart {
  readonly operationId: string;
  readonly projectId: string | null;
  readonly name: string;
  readonly contextPath: string;
  readonly engine: string;
  readonly options: BuildOptions;
  /** The text of its Dockerfile where that does not lie in the folder. */
  readonly dockerfile?: string | undefined;
}

/** Keeps one build while it runs. Steps and logs may come in any number; nothing waits for the disk. */
export interface BuildRecorder {
  steps(steps: readonly BuildStep[]): void;
  step(step: BuildStep): void;
  log(step: number, text: string): void;
  /** Completes the record; resolves when it is on the disk. */
  finish(
    end:
      | { readonly state: 'done'; readonly outcome: BuildOutcome }
      | { readonly state: 'failed' | 'cancelled'; readonly error: ErrorView },
  ): Promise<void>;
}

/** The history of builds with their full logs. `get`, `log` throw `not-found`. */
export interface BuildRecords {
  /** `id` is given by the caller. Reads the Dockerfile's text itself. */
  begin(id: string, start: BuildStart): Promise<BuildRecorder>;
  /** Newest first. */
  list(filter: { projectId?: string | undefined }): Promise<BuildSummary[]>;
  get(id: string): Promise<BuildDetail>;
  /** The log of one step as far as there is one, as a stream of UTF-8; null where the step wrote nothing. */
  openLog(id: string, step: number): Promise<Readable | null>;
  /** The log of one step from `offset`, running builds included. */
  log(id: string, step: number, offset: number): Promise<{ text: string; next: number; done: boolean }>;
  remove(ids: readonly string[]): Promise<void>;
}

/** Tells what would make builds of a folder faster or its image smaller. */
export interface BuildAdvisor {
  /**
   * `dockerfile` as in BuildOptions; `measured`: smaller variants of the base are asked for at its registry. Throws
   * `not-found` when there is none, `dockerfile-invalid`, and what a registry refuses with.
   */
  advise(
    project: {
      readonly contextPath: string;
      readonly dockerfile: string | undefined;
      readonly measured?: boolean;
    },
    signal?: AbortSignal,
  ): Promise<BuildAdvice[]>;
}

/** Which Dockerfile, and what its checks take into account. */
export type SourceOptions = Pick<BuildOptions, 'dockerfile' | 'buildArgs' | 'target' | 'platform'>;

/** Reads a project folder as the builder would. */
export interface ProjectReader {
  /** Checked as a build with these options would be; throws `not-found` when there is no such Dockerfile. */
  source(contextPath: string, options: SourceOptions, signal?: AbortSignal): Promise<ProjectSource>;
  /** `dockerfile` as in BuildOptions. Throws `not-found` when there is none. */
  context(contextPath: string, dockerfile: string | undefined, signal?: AbortSignal): Promise<ContextPreview>;
}

/** Which Dockerfile, and what gives its variables and contexts their values. */
export interface BaseQuery extends Pick<BuildOptions, 'buildArgs'> {
  readonly contextPath: string;
  readonly dockerfile: string | undefined;
  readonly contexts: NonNullable<BuildOptions['contexts']>;
}

/** Which base to pin, and to what. */
export interface PinRequest {
  /** Any line of the instruction. */
  readonly line: number;
  /** The word as it stands there, where an instruction names several images. */
  readonly written?: string | undefined;
  /** Default: what the store holds under the name, else what the registry has. */
  readonly digest?: string | undefined;
  /** Of the preview that is to be written. */
  readonly fingerprint?: string | undefined;
  /** Tells the change and writes nothing. */
  readonly preview: boolean;
}

/** Looks at the images that Dockerfiles take from elsewhere. */
export interface BaseInspector {
  /** In file order; `check` asks the registries, without pulling. Throws `dockerfile-invalid`, `not-found`. */
  list(query: BaseQuery, options: { check: boolean; signal?: AbortSignal | undefined }): Promise<BaseUse[]>;
  /** Writes a digest behind an image. Throws `conflict` where the file is not the one of the preview any more. */
  pin(query: BaseQuery, request: PinRequest, signal?: AbortSignal): Promise<PinnedLine>;
  /** Takes a pin back by its `undo`. Throws `conflict` where the file has changed since, `not-found` for an old one. */
  undoPin(undo: string): Promise<{ path: string }>;
}

/** Makes the sample project. */
export interface SampleMaker {
  /** Writes the sample into the new folder `path` and assembles its base image. Throws `conflict` when not empty. */
  create(path: string, signal?: AbortSignal): Promise<{ options: BuildOptions }>;
}

/** Sign-in at registries. */
export interface RegistryAccounts {
  list(): Promise<RegistryAccount[]>;
  /** Asks the registry first; throws `unauthorized` and stores nothing when it refuses. */
  login(
    account: { host: string; username: string; password: string },
    signal?: AbortSignal,
  ): Promise<RegistryAccount>;
  logout(host: string): Promise<void>;
}

/** Whether a tag at a registry may come to name other content. */
export interface TagMoving {
  /** The tag is moved on purpose. */
  readonly moveTag: boolean;
  /** The digest that it may leave: of what was seen when the move was confirmed. Left out: whatever it names. */
  readonly movesFrom?: string | undefined;
  /** What was typed to confirm the move of a tag that is meant to stay: the tag, or the whole reference. */
  readonly confirmName?: string | undefined;
}

/** Images between an engine and registries. */
export interface RegistryTransfers {
  /** What a push of `ref` to the reference `target` would meet. */
  checkPush(engine: Engine, ref: string, target: string, signal?: AbortSignal): Promise<PushCheck>;
  /**
   * Throws `tag-moved` when the tag names other content there, does not float and not `moveTag`, or not from that;
   * where its repository is marked as immutable, `confirmName` must be the tag too.
   */
  push(
    engine: Engine,
    ref: string,
    target: string,
    options: TransferReport & TagMoving & { withReferrers?: boolean | undefined },
  ): Promise<{ reference: string; digest: string; pinned: string }>;
  pull(
    engine: Engine,
    reference: string,
    options: TransferReport & { platform?: string | undefined },
  ): Promise<{ reference: string; digest: string; notice?: string }>;
  /** What a copy would meet at `to`; `detail` is the image of it that people look at. */
  checkCopy(
    from: string,
    to: string,
    options: { platform?: string | undefined; detail: ImageDetail; signal?: AbortSignal | undefined },
  ): Promise<PushCheck>;
  /** Between two repositories, not by way of this machine's store; throws `tag-moved` as a push does. */
  copy(
    from: string,
    to: string,
    options: Omit<TransferReport, 'onLabels'> &
      TagMoving & { withReferrers: boolean; platform?: string | undefined },
  ): Promise<{ reference: string; digest: string; pinned: string }>;
}

/** The journal of moved tags, and the way back. */
export interface TagHistory {
  /** Newest first; of one name where one is given. */
  list(filter: {
    name?: string | undefined;
    /** Only moves at or after this time. */
    since?: number | undefined;
    offset?: number | undefined;
    limit: number;
  }): Promise<TagMove[]>;
  /**
   * Lets a tag name again what it named before a move; answers the new move. Throws `not-found` where that is gone,
   * `conflict` where it names that already, `tag-moved` where it must be confirmed by its name.
   */
  rollBack(
    entryId: string,
    options: { confirmName?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<TagMove>;
}

/** From what images were built, to suggest tags. */
export interface TagSources {
  /** By the digest of the image or of its config; null where no record of a build tells. Throws `cancelled`. */
  find(imageId: string, signal?: AbortSignal): Promise<TagSource | null>;
}

/** Looks around in registries. Every call throws what a registry refuses with. */
export interface RegistryBrowser {
  /** One page; `after` is the `next` of the page before. */
  repositories(
    host: string,
    options: { after?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<{ repositories: string[]; next: string | null }>;
  tags(
    repository: string,
    options: { query?: string | undefined; after?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<{ tags: string[]; total: number; next: string | null }>;
  tag(
    reference: string,
    options: { onlyDigest: boolean; signal?: AbortSignal | undefined },
  ): Promise<RemoteTag>;
  /** The pulls that a registry still allows, null where it never told; `ask` asks Docker Hub anew. */
  limit(host: string, options: { ask: boolean; signal?: AbortSignal | undefined }): Promise<RateLimit | null>;
  /** Throws `unsupported` where the registry deletes images alone, `tag-moved` where the name must be typed. */
  deleteTag(
    reference: string,
    options: { byDigest: boolean; confirmName?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<void>;
}

/** As {@link TransferOptions}, with what a person reads beside each blob: the instruction that made it. */
export interface TransferReport {
  readonly signal: AbortSignal;
  readonly onBlob: NonNullable<TransferOptions['onBlob']>;
  readonly wake?: TransferOptions['wake'];
  readonly onWait?: TransferOptions['onWait'];
  /** Names blobs before they move: by digest. */
  onLabels(labels: ReadonlyMap<string, string>): void;
}

/** Looks at the machine: engines, sandbox, disk, registries. */
export interface Diagnostics {
  run(signal?: AbortSignal): Promise<Diagnostic[]>;
}
