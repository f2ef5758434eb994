import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BuildStep } from '#shared/contract/builds.ts';
import { buildStep } from '#shared/contract/builds.ts';
import { type BuildOptions, buildOptions } from '#shared/contract/projects.ts';
import type { BuildEvent, BuildOutcome, Engine } from '../engine.ts';

/** A build that a test ran, with all it told. */
export interface WatchedBuild {
  readonly outcome: BuildOutcome;
  readonly events: readonly BuildEvent[];
  /** The last state of each step, by index. */
  readonly steps: readonly BuildStep[];
  /** The log of the steps, by index. */
  readonly logs: ReadonlyMap<number, string>;
}

/** A folder with these files; a name that ends with a slash is an empty folder. */
export async function makeProject(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'strata-project-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) await writeFile(file, content);
  }
  return folder;
}

/** Builds a folder and keeps what was told; `onEvent` sees it first. */
export async function watchBuild(
  engine: Engine,
  contextPath: string,
  options: Partial<BuildOptions> = {},
  { signal, onEvent }: { signal?: AbortSignal; onEvent?: (event: BuildEvent) => void } = {},
): Promise<WatchedBuild> {
  if (engine.builder === undefined) throw new Error(`${engine.name} does not build.`);
  const events: BuildEvent[] = [];
  const record = (event: BuildEvent) => {
    events.push(event);
    onEvent?.(event);
  };
  const request = { contextPath, options: buildOptions.parse(options) };
  const outcome = await engine.builder.build(request, {
    signal: signal ?? new AbortController().signal,
    onEvent: record,
  });
  return { outcome, events, ...foldEvents(events) };
}

/** The last state of each step and the whole log of each, in the form of the contract. */
export function foldEvents(events: readonly BuildEvent[]): {
  steps: BuildStep[];
  logs: Map<number, string>;
} {
  let steps: BuildStep[] = [];
  const logs = new Map<number, string>();
  for (const event of events) {
    if (event.type === 'steps') steps = event.steps.map((step) => buildStep.parse(step));
    else if (event.type === 'step') steps[event.step.index] = buildStep.parse(event.step);
    else logs.set(event.step, (logs.get(event.step) ?? '') + event.text);
  }
  return { steps, logs };
}

/** One line a step, for comparing: `5 RUN echo hello miss`. */
export function stepLines(steps: readonly BuildStep[]): string[] {
  return steps.map(({ line, instruction, status }) => `${line} ${instruction} ${status}`);
}

/** Removes folders that a test made. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
