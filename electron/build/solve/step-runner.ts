import type { LayerIndex } from '../../image/layer-index.ts';
import type { LayerWriter, NewLayerEntry } from '../../image/layer-writer.ts';
import type { StackTree } from '../../image/stack-tree.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { RunRequest } from '../steps/run-request.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Until a promise that it answers is kept, no more is read of what the command says. */
  onOutput(text: string): void | Promise<void>;
  /** False: the layer gets other times than the command left, so that later commands must see the layer's files. */
  readonly keepsTimes: boolean;
  /** The file system that a stack of layers shows. It never changes. */
  tree(layers: readonly LayerRecord[]): Promise<StackTree>;
  /** Writes a layer of what the command changed. */
  writeLayer(fill: (writer: LayerWriter) => Promise<void>): Promise<LayerRecord | null>;
}

export interface RunResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly ms: number;
  /** What it changed; null when nothing, or when it failed. */
  readonly layer: LayerRecord | null;
}

/** A layer that is made ready for commands over it while it is being written. Nothing of it throws. */
export interface LayerPreparation {
  write(bytes: Uint8Array): Promise<void>;
  /** The layer is written and in the store. */
  finish(index: LayerIndex): Promise<void>;
  /** The layer came to nothing. */
  drop(): Promise<void>;
}

/** Runs a command over a stack of layers. Throws `sandbox-unavailable` with the mend where this machine cannot. */
export interface StepRunner {
  run(layers: readonly LayerRecord[], request: RunRequest, options: RunOptions): Promise<RunResult>;
  /**
   * Makes a layer ready while it is written, of files whose paths are clean and lead through no link of the layer;
   * null where that is not possible.
   */
  prepare?(layer: ExpectedLayer, signal: AbortSignal): Promise<LayerPreparation | null>;
}

/** What is known of a layer before it is written. */
export interface ExpectedLayer {
  /** How many entries it will have. */
  readonly count: number;
  /** So many of them at most, evenly from all. */
  sample(most: number): Iterable<NewLayerEntry>;
  /** What the same step made last time, where that is known. */
  readonly earlier: LayerRecord | null;
}
