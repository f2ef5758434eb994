import type { SourceRange } from '#shared/errors/app-error.ts';
import type { LayerWriter } from '../../image/layer-writer.ts';
import type { StackTree } from '../../image/stack-tree.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { Dockerfile } from '../dockerfile/ast.ts';
import { expandWord } from '../dockerfile/expand.ts';
import type { BuildSecrets } from '../inputs/build-secrets.ts';
import type { SshAgents } from '../inputs/ssh-agents.ts';
import type { Remotes } from '../remote/remotes.ts';
import type { ExpectedLayer } from '../solve/step-runner.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import type { RunRequest } from './run-request.ts';
import type { StageState } from './stage-state.ts';

/** A source that only the build itself can make: a prediction says what it waits for. */
export interface UnknownSource {
  readonly unknown: string;
}

/** What steps may ask of the build around them. */
export interface StepContext {
  readonly dockerfile: Dockerfile;
  readonly signal: AbortSignal;
  /** `--build-arg`. */
  readonly buildArgs: ReadonlyMap<string, string>;
  /** ARGs before the first FROM and the platform's, with their values. */
  readonly globalArgs: ReadonlyMap<string, string>;
  /** SOURCE_DATE_EPOCH in seconds, null when it is not set. */
  readonly epoch: number | null;
  /** What RUN --mount=type=secret may read. */
  readonly secrets: BuildSecrets;
  /** What RUN --mount=type=ssh may reach. */
  readonly agents: SshAgents;
  /** What ADD fetches. */
  readonly remotes: Remotes;
  /** Whether the build allows steps a right such as `security.insecure`. */
  allows(right: string): boolean;
  /**
   * The build context (null), a stage or an image by name. Where nothing but `paths` is looked at in a stage, and its own
   * layers settle what they are, its base stays where it is. Throws `base-not-found`.
   */
  source(
    name: string | null,
    state: StageState,
    paths?: readonly string[],
  ): Promise<SourceTree | UnknownSource>;
  /** The file system of the stage as it stands. */
  tree(state: StageState): Promise<StackTree>;
  /** The text of a small file of the stage's file system, symlinks followed; null when there is none. */
  readText(state: StageState, path: string): Promise<string | null>;
  /**
   * Writes a layer into the store; `fill` gets the writer. Null when nothing was added. `expected` promises that no
   * path of it leads through a link of it.
   */
  writeLayer(
    fill: (writer: LayerWriter) => Promise<void>,
    expected?: ExpectedLayer,
  ): Promise<LayerRecord | null>;
  /** Runs a command over the stage's file system and makes a layer of what it changed. */
  run(state: StageState, request: RunRequest, line: number): Promise<LayerRecord | null>;
  /** An existing folder for files that are needed while a step runs. */
  readonly scratchFolder: string;
  /** Text for the log of the step that is being made. */
  log(text: string): void;
}

/** Expands words with the variables of the stage; errors point at `range`. */
export function expander(
  context: StepContext,
  state: StageState,
  range: SourceRange,
): (word: string) => string {
  const place = { path: context.dockerfile.path, range };
  const options = { escape: context.dockerfile.directives.escape, place };
  return (word) => expandWord(word, (name) => state.variables.get(name), options);
}
