import type { BuildDetail } from '#shared/contract/builds.ts';
import type { BuildAdvice } from '#shared/contract/projects.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import type { Dockerfile, RunInstruction, Stage } from '../../build/dockerfile/ast.ts';
import { commandsOf, installerOf } from './install-commands.ts';
import { shortenSource } from './shorten-source.ts';

const UPDATE = /^apt(?:-get)? (?:-\S+ )*update\b/;
const INSTALL = /^apt(?:-get)? (?:-\S+ )*install\b/;
const CLEAN =
  /^(?:rm (?:-\S+ )*\/?\S|apt(?:-get)? (?:-\S+ )*(?:clean|autoremove|purge|remove)\b|(?:dnf|microdnf|yum|zypper) (?:-\S+ )*clean\b|apk (?:-\S+ )*del\b|npm cache clean|yarn cache clean|pip3? cache purge)/;

/** Several RUNs that could be one, with what their layers weigh in the newest build that made them. */
export function adviseRuns(dockerfile: Dockerfile, records: readonly BuildDetail[]): BuildAdvice[] {
  return dockerfile.stages.flatMap((stage) => {
    const sizeOf = (run: RunInstruction) => layerSize(records, stage, run);
    const runs = stage.instructions.filter((instruction) => instruction.keyword === 'RUN');
    const apart = updatesApart(runs, sizeOf);
    const told = new Set(apart.map(({ line }) => line));
    return [...apart, ...cleanUpsApart(runs, sizeOf), ...installsApart(stage, sizeOf, told)];
  });
}

type SizeOf = (run: RunInstruction) => number;

/** Bytes of the step's layer in the newest build that has it, 0 when none has. */
function layerSize(records: readonly BuildDetail[], stage: Stage, { source }: RunInstruction): number {
  const label = stage.name ?? String(stage.index);
  for (const { stepList } of records) {
    const step = stepList.find(
      (each) => each.stage === label && each.instruction === source && each.size > 0,
    );
    if (step !== undefined) return step.size;
  }
  return 0;
}

/** `apt-get update` in a RUN of its own: its lists are shipped, and grow old in the cache. */
function updatesApart(runs: readonly RunInstruction[], sizeOf: SizeOf): BuildAdvice[] {
  return runs.flatMap((run, at) => {
    const commands = commandsOf(run);
    if (!commands.some((command) => UPDATE.test(command)) || commands.some((c) => INSTALL.test(c))) return [];
    if (hasMountedLists(run)) return [];
    const install = runs.slice(at + 1).find((later) => commandsOf(later).some((c) => INSTALL.test(c)));
    if (install === undefined || commandsOf(install).some((c) => UPDATE.test(c))) return [];
    const bytes = sizeOf(run);
    const weight = bytes > 0 ? `, ${formatBytes(bytes)}` : '';
    const { line } = run.range;
    return [
      {
        kind: 'runs' as const,
        title: `apt-get update stands apart from apt-get install`,
        detail: `The package lists of line ${line} stay in a layer of their own${weight}, and when line ${install.range.line} changes it installs from lists as old as the cache. Make them one: RUN apt-get update && apt-get install … && rm -rf /var/lib/apt/lists/*.`,
        line,
        ...{ rebuilds: null, ms: null, bytes: bytes > 0 ? bytes : null },
      },
    ];
  });
}

function hasMountedLists({ flags }: RunInstruction): boolean {
  return flags.mounts.some(({ fields }) =>
    fields.some(({ value }) => value?.includes('/var/lib/apt') === true),
  );
}

/** A RUN that does nothing but remove: what it removes is shipped by the layers below. */
function cleanUpsApart(runs: readonly RunInstruction[], sizeOf: SizeOf): BuildAdvice[] {
  return runs.flatMap((run, at) => {
    const before = runs[at - 1];
    const commands = commandsOf(run);
    if (before === undefined || commands.length === 0 || !commands.every((c) => CLEAN.test(c))) return [];
    const bytes = sizeOf(before);
    const weight = bytes > 0 ? `, which weighs ${formatBytes(bytes)}` : '';
    return [
      {
        kind: 'runs' as const,
        title: `${shortenSource(run.source)} frees nothing`,
        detail: `What line ${run.range.line} removes stays in the layer of line ${before.range.line}${weight}. Remove it in the RUN that makes it.`,
        line: run.range.line,
        ...{ rebuilds: null, ms: null, bytes: null },
      },
    ];
  });
}

/** Steps one after the other that do nothing but install packages of the system. */
function installsApart(
  { instructions }: Stage,
  sizeOf: SizeOf,
  told: ReadonlySet<number | null>,
): BuildAdvice[] {
  const groups: RunInstruction[][] = [];
  let tool: string | null = null;
  for (const instruction of instructions) {
    const run = instruction.keyword === 'RUN' ? instruction : null;
    const installer = run === null || told.has(run.range.line) ? null : (installerOf(run)?.system ?? null);
    if (run !== null && installer !== null && installer === tool) groups.at(-1)?.push(run);
    else if (run !== null && installer !== null) groups.push([run]);
    tool = installer;
  }
  return groups.flatMap((runs) => {
    const [first] = runs;
    if (first === undefined || runs.length < 2) return [];
    const sizes = runs.map(sizeOf);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const weight = total > 0 ? `, ${sizes.map((size) => formatBytes(size)).join(' + ')}` : '';
    const lines = runs.map(({ range }) => range.line).join(', ');
    return [
      {
        kind: 'runs' as const,
        title: `${runs.length} steps install packages one after the other`,
        detail: `Lines ${lines} could be one RUN${weight}: each layer ships the package database again.`,
        line: first.range.line,
        ...{ rebuilds: null, ms: null, bytes: null },
      },
    ];
  });
}
