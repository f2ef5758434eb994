import type { Readable } from 'node:stream';
import type { BuildStep, PlatformImage } from '#shared/contract/builds.ts';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import type { EngineStatus } from '#shared/contract/engines.ts';
import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';
import type { BuildOptions, PlannedStep } from '#shared/contract/projects.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { BuildTerminal } from '../build/build-terminal.ts';
import type { ContextPlace } from '../build/context-place.ts';
import type { ImageSink, ImageSource, TransferOptions } from '../image/image.ts';

/** What a build tells while it runs. Each event carries the full state of its step, so a repeat is harmless. */
export type BuildEvent =
  /** All steps known so far, once they are known; may come again when a base's ONBUILD adds some. */
  | { readonly type: 'steps'; readonly steps: readonly BuildStep[] }
  | { readonly type: 'step'; readonly step: BuildStep }
  | { readonly type: 'log'; readonly step: number; readonly text: string };

export interface BuildRequest {
  /** Absolute path of the context folder, or what people know the context by: its address, or `-`. */
  readonly contextPath: string;
  /** Where the files of the context lie; absent for a folder. */
  readonly place?: ContextPlace | undefined;
  readonly options: BuildOptions;
  /** The terminal that handed the build to this process, absent where none did. */
  readonly terminal?: BuildTerminal | undefined;
}

export interface BuildOutcome {
  /** Of the manifest, or of the index of several platforms; of the image where the engine has no manifest (classic Docker store). */
  readonly digest: string;
  /** Of the config; of an index, that of the image for this machine, else of the first. */
  readonly imageId: string;
  /** The images of an index, in the order in which they were asked for. */
  readonly platforms?: readonly PlatformImage[] | undefined;
  /** Familiar references that now name it. */
  readonly tags: readonly string[];
  readonly steps: readonly BuildStep[];
}

export interface Builder {
  /**
   * What `onEvent` answers to a log holds up the step's output, where the engine can do that. Throws
   * `dockerfile-invalid`, `step-failed`, `base-not-found`, `cancelled` and what the context may cause.
   */
  build(
    request: BuildRequest,
    options: { signal: AbortSignal; onEvent(event: BuildEvent): void | Promise<void> },
  ): Promise<BuildOutcome>;
}

export interface Predictor {
  predict(request: BuildRequest, signal?: AbortSignal): Promise<readonly PlannedStep[]>;
}

/** The images of an engine as lists show them. An `id` is the engine's row identity, see ImageSummary. */
export interface ImageCatalog {
  list(signal?: AbortSignal): Promise<ImageSummary[]>;
  /** `ref` is a reference, a digest, an image ID or an unambiguous beginning of one. */
  get(ref: string, signal?: AbortSignal): Promise<ImageDetail>;
  /** Points `name` at `ref`; returns the id it pointed at before. */
  tag(ref: string, name: Reference): Promise<string | null>;
  /** Removes a name; returns the id it pointed at. The image stays while another name or a lease holds it. */
  untag(name: Reference): Promise<string | null>;
  /** The id a name points at, null when free. */
  resolve(name: Reference): Promise<string | null>;
  /** Removes the image with all its names. Throws `conflict` when a container uses it and not `force`. */
  remove(id: string, options: { force: boolean }): Promise<void>;
  /** Bytes that no image but these holds: what removing all of them frees. Absent where only the engine itself knows. */
  heldOnlyBy?(ids: readonly string[]): Promise<number>;
}

export interface ContainerControl {
  list(signal?: AbortSignal): Promise<ContainerSummary[]>;
  start(id: string): Promise<void>;
  stop(id: string): Promise<void>;
  restart(id: string): Promise<void>;
  remove(id: string, options: { force: boolean }): Promise<void>;
  /** The last `tail` lines, then what follows until `signal` aborts or the container ends. */
  logs(
    id: string,
    options: { tail: number; signal: AbortSignal },
  ): AsyncIterable<{ stream: 'stdout' | 'stderr'; text: string }>;
}

/** Lets an engine pull or push by itself (Docker's daemon), with credentials handed to it. */
export interface NativeTransfer {
  push(ref: string, target: Reference, options: TransferOptions): Promise<Descriptor>;
  pull(
    reference: Reference,
    options: TransferOptions & { platform?: string | undefined },
  ): Promise<{ id: string; digest: string }>;
}

/** What an engine says of an archive that it loaded. */
export interface LoadedImage {
  /** What it calls the image now: a name, or its ID where the archive gave it none. */
  readonly reference: string;
  /** Row identity within the engine. */
  readonly id: string;
}

/** Gives images out and takes images in whole, as the archives that `docker save` and `docker load` know. */
export interface ImageExchange {
  /**
   * The archive of one image, `size` being about how many bytes it has. Throws `not-found`, and `unsupported` where the
   * engine holds the image for another platform than the one wanted.
   */
  give(
    ref: string,
    options: { readonly platform?: string | undefined; readonly signal: AbortSignal },
  ): Promise<{ readonly archive: Readable; readonly size: number; readonly id: string }>;
  /** Loads an archive of one image. Throws `malformed` where the engine refuses it, `disk-full`. */
  load(archive: Readable, options: { readonly signal: AbortSignal }): Promise<LoadedImage>;
}

/** Tells when lists changed. Returns how to stop listening. */
export interface ChangeFeed {
  subscribe(listener: (topic: 'images' | 'containers' | 'engines') => void): () => void;
}

/**
 * A place where images live and may be built. A capability is present or absent as a field, never a method
 * that throws "unsupported"; buttons are drawn from presence.
 */
export interface Engine {
  readonly id: string;
  readonly name: string;
  /** Never throws: an engine that cannot be reached says so in its status. */
  status(signal?: AbortSignal): Promise<EngineStatus>;
  readonly images: ImageCatalog;
  readonly builder?: Builder | undefined;
  readonly predictor?: Predictor | undefined;
  readonly containers?: ContainerControl | undefined;
  readonly transfer?: NativeTransfer | undefined;
  readonly exchange?: ImageExchange | undefined;
  readonly changes?: ChangeFeed | undefined;
  /** Opens images as views whose layers can be read. */
  readonly source?: ImageSource | undefined;
  readonly sink?: ImageSink | undefined;
  /** Ends connections; the engine may not be used afterwards. */
  close(): Promise<void>;
}
