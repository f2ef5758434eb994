import type { LayerWriter } from '../../image/layer-writer.ts';
import type { StackTree } from '../../image/stack-tree.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { RunRequest } from '../steps/run-request.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  onOutput(text: string): void;
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

/** Runs a command over a stack of layers. Throws `sandbox-unavailable` with the mend where this machine cannot. */
export interface StepRunner {
  run(layers: readonly LayerRecord[], request: RunRequest, options: RunOptions): Promise<RunResult>;
}
