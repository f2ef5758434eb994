import type { BuildDetail, BuildSummary } from '#shared/contract/builds.ts';
import { formatAge } from '#shared/format/age.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { formatTable, type Output } from '../output.ts';
import { statusWord } from './status-word.ts';

/** Builds as a table, newest first. */
export function printBuilds(output: Output, builds: readonly BuildSummary[]): void {
  const rows = builds.map((build) => [
    build.id,
    build.name,
    formatAge(build.startedAt, Date.now()),
    build.state,
    build.ms === null ? '–' : formatDuration(build.ms),
    `${build.hits} of ${build.steps}`,
    formatDuration(build.savedMs),
    build.tags.join(', ') || '–',
  ]);
  const header = ['ID', 'NAME', 'BEGAN', 'STATE', 'TOOK', 'CACHED', 'SAVED', 'TAGS'];
  for (const line of formatTable(header, rows, new Set([4, 5, 6]))) output.line(line);
}

/** One build: what it gave, and each step with its reasons. The number of a step is what its log is asked by. */
export function printBuild(output: Output, build: BuildDetail): void {
  output.line(`Build ${build.id} of ${build.name}`);
  const facts = [
    ['context', build.contextPath],
    ['state', build.state],
    ['began', new Date(build.startedAt).toISOString()],
    ['took', build.ms === null ? '–' : formatDuration(build.ms)],
    ['saved', formatDuration(build.savedMs)],
    ['tags', build.tags.join(', ') || '–'],
    ['manifest', build.digest ?? '–'],
    ['image', build.imageId ?? '–'],
  ] as const;
  for (const [name, value] of facts) output.line(`  ${name.padEnd(8)}  ${value}`);
  if (build.error !== null) output.line(`\n${build.error.message}`);
  output.line();
  const width = String(build.stepList.length).length;
  for (const step of build.stepList) {
    const { index, ms, size, instruction, reasons } = step;
    const numbers = `${formatDuration(ms)}${size > 0 ? `, ${formatBytes(size)}` : ''}`;
    output.line(
      `${String(index).padStart(width)}  ${statusWord(step).padEnd(9)}  ${instruction}  (${numbers})`,
    );
    for (const { detail } of reasons) output.line(`${' '.repeat(width + 13)}${detail}`);
  }
}
