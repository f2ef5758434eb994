import type { BuildStep } from '#shared/contract/builds.ts';
import type { PlannedStep, Reason } from '#shared/contract/projects.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import type { BuildEvent, BuildOutcome } from '../engine/engine.ts';
import { isFirstBuild, statusWord } from './builds/status-word.ts';
import type { Output } from './output.ts';

const SIGN: Readonly<Record<BuildStep['status'], string>> = {
  waiting: '○',
  running: '·',
  hit: '✓',
  miss: '●',
  failed: '✕',
  cancelled: '–',
};
const PREDICTED: Readonly<Record<PlannedStep['predicted'], string>> = {
  hit: 'cached',
  miss: 'will be rebuilt',
  unknown: 'not known',
  fails: 'will fail',
};

const PREDICTED_STATUS: Readonly<Record<PlannedStep['predicted'], BuildStep['status']>> = {
  hit: 'hit',
  miss: 'miss',
  unknown: 'waiting',
  fails: 'failed',
};

/** Tells a build while it runs: a line when a step ends, its output as it comes, the reasons of a miss. */
export class BuildPrinter {
  readonly #output: Output;
  readonly #announced = new Set<number>();
  #lineOpen = false;

  constructor(output: Output) {
    this.#output = output;
  }

  event(event: BuildEvent): void {
    if (event.type === 'log') this.#log(event.step, event.text);
    else if (event.type === 'step') this.#step(event.step);
    else for (const step of event.steps) this.#output.event({ type: 'step', ...step });
  }

  #log(step: number, text: string): void {
    this.#output.event({ type: 'log', step, text });
    this.#output.raw(text);
    this.#lineOpen = !text.endsWith('\n');
  }

  #step(step: BuildStep): void {
    this.#output.event({ type: 'step', ...step });
    if (step.status === 'waiting') return;
    if (step.status === 'running') {
      if (step.instruction.startsWith('RUN ') && step.reasons.length > 0) this.#announce(step);
      return;
    }
    this.#closeLine();
    const size = step.size > 0 ? `  ${formatBytes(step.size)}` : '';
    this.#output.line(`${title(step.status, step)}  ${statusWord(step)}  ${formatDuration(step.ms)}${size}`);
    if (!this.#announced.has(step.index)) this.#reasons(step.reasons);
  }

  /** A RUN tells its reasons before its output. */
  #announce(step: BuildStep): void {
    if (this.#announced.has(step.index)) return;
    this.#announced.add(step.index);
    this.#closeLine();
    this.#output.line(title('running', step));
    this.#reasons(step.reasons);
  }

  #reasons(reasons: readonly Reason[]): void {
    // A first build would say the same at every step.
    for (const { kind, detail } of reasons)
      if (kind !== 'no-earlier-build') this.#output.line(`         ${detail}`);
  }

  #closeLine(): void {
    if (this.#lineOpen) this.#output.line();
    this.#lineOpen = false;
  }

  /** Nothing more comes: what failed was told as it came. */
  failed(): void {
    this.#closeLine();
  }

  finished({ digest, imageId, tags, steps, platforms }: BuildOutcome, ms: number): void {
    this.#closeLine();
    const hits = steps.filter((step) => step.status === 'hit').length;
    this.#output.line(`\nBuilt in ${formatDuration(ms)}, ${hits} of ${steps.length} steps cached.`);
    if (platforms === undefined) {
      this.#output.line(`  image     ${shortDigest(imageId)}`);
      this.#output.line(`  manifest  ${digest}`);
    } else {
      this.#output.line(`  index     ${digest}`);
      const width = Math.max(...platforms.map(({ platform }) => platform.length));
      for (const each of platforms)
        this.#output.line(`            ${each.platform.padEnd(width)}  ${each.digest}`);
    }
    for (const tag of tags) this.#output.line(`  tag       ${tag}`);
  }
}

function title(
  status: BuildStep['status'],
  step: { line: number; platform?: string | undefined; instruction: string },
): string {
  const platform = step.platform === undefined ? '' : `[${step.platform}] `;
  return `${SIGN[status]} ${String(step.line).padStart(4)}  ${platform}${step.instruction}`;
}

/** A prediction for people. */
export function printPlan(output: Output, steps: readonly PlannedStep[]): void {
  for (const step of steps) {
    const status = PREDICTED_STATUS[step.predicted];
    const isFirst = step.predicted === 'miss' && isFirstBuild(step.reasons);
    const word = isFirst ? 'will be built' : PREDICTED[step.predicted];
    output.line(`${title(status, step)}  ${word}`);
    const { message, hint } = step.error ?? {};
    for (const text of [...step.reasons.map(({ detail }) => detail), message, hint])
      if (text !== undefined) output.line(`         ${text}`);
  }
  const hits = steps.filter((step) => step.predicted === 'hit').length;
  output.line(`\n${hits} of ${steps.length} steps would come from the cache.`);
}
