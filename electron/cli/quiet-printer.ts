import type { BuildEvent, BuildOutcome } from '../engine/engine.ts';
import type { Output } from './output.ts';

/** The last characters of a step's output that are told when it fails. */
const KEPT_CHARACTERS = 16_384;

/** Tells of a build only the digest of its image; of one that fails what its failed steps said, on standard error. */
export class QuietPrinter {
  readonly #output: Output;
  readonly #said = new Map<number, string>();
  readonly #failed = new Set<number>();

  constructor(output: Output) {
    this.#output = output;
  }

  event(event: BuildEvent): void {
    if (event.type === 'log') {
      const said = `${this.#said.get(event.step) ?? ''}${event.text}`;
      this.#said.set(event.step, said.slice(-KEPT_CHARACTERS));
    } else if (event.type === 'step') {
      if (event.step.status === 'failed') this.#failed.add(event.step.index);
      else if (event.step.status !== 'running') this.#said.delete(event.step.index);
    }
  }

  failed(): void {
    for (const step of this.#failed) {
      const said = this.#said.get(step)?.trimEnd() ?? '';
      if (said !== '') this.#output.note(said);
    }
  }

  finished({ digest }: BuildOutcome): void {
    this.#output.line(digest);
  }
}
