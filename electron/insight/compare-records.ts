import type { BuildComparison, BuildDetail, BuildStep, ComparedStep } from '#shared/contract/builds.ts';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { isSecretName } from '../build/cache/cache-key.ts';
import { alignLists } from './align-lists.ts';
import { summarizeBuild } from './summarize-build.ts';

/** How the second of two builds differs from the first: options, steps, times and layers. */
export function compareRecords(before: BuildDetail, after: BuildDetail): BuildComparison {
  return {
    before: summarizeBuild(before),
    after: summarizeBuild(after),
    sameImage: before.digest !== null && before.digest === after.digest,
    sameDockerfile: before.dockerfile === after.dockerfile,
    options: compareOptions(before, after),
    steps: compareSteps(before.stepList, after.stepList),
  };
}

/** Stages in the order of the second build, then those that only the first has; within them, edited lines meet. */
function compareSteps(before: readonly BuildStep[], after: readonly BuildStep[]): ComparedStep[] {
  const stages = [...new Set([...after, ...before].map((step) => step.stage))];
  return stages.flatMap((stage) => {
    const inStage = (step: BuildStep) => step.stage === stage;
    const pairs = alignLists(before.filter(inStage), after.filter(inStage), {
      same: (a, b) => a.instruction === b.instruction,
      alike: (a, b) => keywordOf(a) === keywordOf(b),
    });
    return pairs.map(([a, b]) => compareStep(stage, a, b));
  });
}

function compareStep(stage: string, a: BuildStep | null, b: BuildStep | null): ComparedStep {
  const sides = { stage, before: a, after: b };
  if (a === null) return { ...sides, change: 'added', layer: 'unknown' };
  if (b === null) return { ...sides, change: 'removed', layer: 'unknown' };
  return { ...sides, change: a.instruction === b.instruction ? 'same' : 'edited', layer: compareLayer(a, b) };
}

/** Layers are known of steps that were built or found; a step without one has the size 0. */
function compareLayer(a: BuildStep, b: BuildStep): ComparedStep['layer'] {
  const isDone = ({ status }: BuildStep) => status === 'hit' || status === 'miss';
  if (!isDone(a) || !isDone(b)) return 'unknown';
  if (a.layer === undefined && b.layer === undefined)
    return a.size === 0 && b.size === 0 ? 'none' : 'unknown';
  return a.layer === b.layer ? 'same' : 'changed';
}

function keywordOf({ instruction }: BuildStep): string {
  return instruction.split(' ', 1)[0] ?? '';
}

function compareOptions(before: BuildDetail, after: BuildDetail): BuildComparison['options'] {
  const [a, b] = [optionValues(before.options), optionValues(after.options)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => a.get(name) !== b.get(name))
    .map((name) => ({ name, before: show(name, a.get(name)), after: show(name, b.get(name)) }));
}

/** A build argument whose name says that it is a secret is never shown. */
function show(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  return isSecretName(name.replace(/^build argument /, '')) ? '(not shown)' : value;
}

/** The options as flat named values; what is not set has no name. */
function optionValues({ buildArgs, labels, contexts, ...options }: BuildOptions): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(options)) {
    const isUnset = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    if (!isUnset) values.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [kind, entries] of Object.entries({
    'build argument': buildArgs,
    label: labels,
    context: contexts,
  }))
    for (const [name, value] of Object.entries(entries ?? {})) values.set(`${kind} ${name}`, value);
  return values;
}
