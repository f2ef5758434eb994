import { createHash } from 'node:crypto';
import type { BaseReference } from '#shared/oci/base-reference.ts';
import type { HistoryEntry, RuntimeConfig } from '#shared/oci/config.ts';
import type { Platform } from '#shared/oci/platform.ts';
import type { LayerRecord } from '../../store/image-records.ts';

/** A stage as it stands between two steps: immutable, each step gives the next one. */
export interface StageState {
  readonly platform: Platform;
  /** Identifies the file system by its content (see {@link chainOf}); null when a prediction cannot know it. */
  readonly chain: string | null;
  /** Oldest first. Not to be used while `chain` is null. */
  readonly layers: readonly LayerRecord[];
  /** The same files with other times, as a shared cache has them (shared-cache/alike-layers.ts). */
  readonly alike?: readonly LayerRecord[] | undefined;
  /** How many of them came with the base image. */
  readonly baseLayers: number;
  /** The image that it began with, through all stages below; null for one from scratch. */
  readonly base: BaseReference | null;
  readonly runtime: RuntimeConfig;
  readonly author: string | undefined;
  readonly history: readonly HistoryEntry[];
  /** What expansion and RUN see: ENV and ARG, the later of two wins. In order of declaration. */
  readonly variables: ReadonlyMap<string, string>;
  /** Names of the ARGs declared so far in this stage and its base stages, in order. */
  readonly args: readonly string[];
  /** CMD was set in this stage, so that ENTRYPOINT leaves it. */
  readonly cmdSet: boolean;
  /** When the newest step was built, ms since the epoch. */
  readonly builtAt: number;
}

/** The chainID of a stack of layers (image-spec, config.md), `scratch` for none: equal content, equal chain. */
export function chainOf(layers: readonly LayerRecord[]): string {
  return layers.reduce<string>(
    (chain, layer) =>
      chain === 'scratch'
        ? layer.diffId
        : `sha256:${createHash('sha256').update(`${chain} ${layer.diffId}`).digest('hex')}`,
    'scratch',
  );
}

/** The shell of shell forms: SHELL, else `/bin/sh -c`. */
export function shellOf(state: StageState): readonly string[] {
  return state.runtime.shell ?? ['/bin/sh', '-c'];
}

/** `path` as the stage sees it: absolute, relative ones below the working directory. */
export function inWorkdir(state: StageState, path: string): string {
  return path.startsWith('/') ? path : `${state.runtime.workingDir || '/'}/${path}`;
}

/** `env` with one variable set, in its old place when it was there. */
export function withEnv(env: readonly string[], name: string, value: string): string[] {
  const entry = `${name}=${value}`;
  const at = env.findIndex((line) => line.startsWith(`${name}=`));
  return at < 0 ? [...env, entry] : env.with(at, entry);
}

/** The state with other settings; names that are missing stay. */
export function withRuntime(state: StageState, change: Partial<RuntimeConfig>): StageState {
  return { ...state, runtime: { ...state.runtime, ...change } };
}
