import type { BuildComparison, BuildStep, ComparedStep } from '#shared/contract/builds.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { optionName, optionWords } from '#shared/format/option-words.ts';
import { formatTable, type Output } from '../output.ts';
import { statusWord } from './status-word.ts';

const SIGN: Readonly<Record<ComparedStep['change'], string>> = {
  same: ' ',
  edited: '~',
  added: '+',
  removed: '-',
};
const LAYER: Readonly<Record<ComparedStep['layer'], string>> = {
  same: 'same',
  changed: 'changed',
  none: '–',
  unknown: '?',
};

/** Two builds side by side: what was asked differently, then step by step. */
export function printComparison(output: Output, comparison: BuildComparison): void {
  const { before, after, sameImage, sameDockerfile, options, steps } = comparison;
  output.line(`${before.id}  ${outcomeOf(before)}`);
  output.line(`${after.id}  ${outcomeOf(after)}`);
  output.line(sameImage ? '\nBoth gave the same image.' : '\nThey gave different images.');
  if (!sameDockerfile) output.line('The Dockerfile was edited.');
  for (const { name, before, after } of options) {
    const [was, is] = [before, after].map((value) => (value === null ? 'unset' : optionWords(name, value)));
    output.line(`${optionName(name)}: ${was}, then ${is}`);
  }
  output.line();
  const rows = steps.map(({ before: a, after: b, change, layer }) => [
    SIGN[change],
    describeStep(a),
    describeStep(b),
    LAYER[layer],
    change === 'edited' ? `${a?.instruction} → ${b?.instruction}` : ((b ?? a)?.instruction ?? ''),
  ]);
  const header = ['', 'FIRST', 'SECOND', 'LAYER', 'INSTRUCTION'];
  for (const line of formatTable(header, rows)) output.line(line);
}

function outcomeOf({ state, ms, hits, steps }: BuildComparison['before']): string {
  return `${state}, ${ms === null ? '–' : formatDuration(ms)}, ${hits} of ${steps} steps cached`;
}

function describeStep(step: BuildStep | null): string {
  if (step === null) return '–';
  const size = step.size > 0 ? `, ${formatBytes(step.size)}` : '';
  return `${statusWord(step)} ${formatDuration(step.ms)}${size}`;
}
