import { STATE_WORDS, viewOfBuilt } from '#renderer/features/builds/source/step-state.ts';
import type { BuildComparison, BuildStep, BuildSummary, ComparedStep } from '#shared/contract/builds.ts';
import { formatCount } from '#shared/format/count.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { shortenDigest } from '#shared/format/shorten.ts';

/** A number with what it is about. */
export interface Figure {
  readonly title: string;
  readonly note: string;
}

/** What two builds come to side by side: image, time, cache, steps. */
export function comparisonFigures({ before, after, sameImage, steps }: BuildComparison): readonly Figure[] {
  const differing = steps.filter(isDifferent).length;
  return [
    { title: sameImage ? 'The same image' : imageWords(before, after), note: digestWords(before, after) },
    { title: timeWords(before.ms, after.ms), note: `${timeOf(before.ms)}, then ${timeOf(after.ms)}` },
    {
      title: `${after.hits} of ${formatCount(after.steps, 'step')} cached`,
      note: `before: ${before.hits} of ${before.steps}; ${formatDuration(after.savedMs)} saved`,
    },
    {
      title: differing === 0 ? 'No step differs' : `${formatCount(differing, 'step')} differ`,
      note: `of ${steps.length}`,
    },
  ];
}

/** Whether a step came out otherwise: another text, another layer, or made anew. */
export function isDifferent({ change, layer, before, after }: ComparedStep): boolean {
  if (change !== 'same' || layer === 'changed') return true;
  return before !== null && after !== null && before.status !== after.status;
}

/** How a step came out, in a sign and a word. */
export function stateOf(step: BuildStep): { readonly sign: string; readonly word: string } {
  return STATE_WORDS[viewOfBuilt(step).state];
}

/** What a change of a step is called. */
export const CHANGE_WORDS: Readonly<Record<ComparedStep['change'], string>> = {
  same: '',
  edited: '~ edited',
  added: '+ added',
  removed: '− removed',
};

/** What became of the layer. */
export const LAYER_WORDS: Readonly<Record<ComparedStep['layer'], string>> = {
  same: 'same layer',
  changed: 'other layer',
  none: 'no layer',
  unknown: 'not known',
};

/** "2.1 s faster" */
function timeWords(before: number | null, after: number | null): string {
  if (before === null || after === null) return 'Time not known';
  const difference = after - before;
  if (Math.abs(difference) < 50) return 'As fast as before';
  return `${formatDuration(Math.abs(difference))} ${difference < 0 ? 'faster' : 'slower'}`;
}

function timeOf(ms: number | null): string {
  return ms === null ? 'running' : formatDuration(ms);
}

function imageWords(before: BuildSummary, after: BuildSummary): string {
  return before.digest === null || after.digest === null ? 'No image in one of them' : 'Different images';
}

function digestWords(before: BuildSummary, after: BuildSummary): string {
  const [was, is] = [before, after].map(({ digest, state }) =>
    digest === null ? state : shortenDigest(digest),
  );
  return was === is ? `${is}` : `${was}, then ${is}`;
}
