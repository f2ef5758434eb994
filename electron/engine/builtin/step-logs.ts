import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the logs of a build's steps, one file a step, in the order of the calls; nobody waits for the disk. */
export class StepLogs {
  readonly #folder: string;
  readonly #waiting = new Map<number, string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  append(step: number, text: string): void {
    const waiting = this.#waiting.get(step);
    this.#waiting.set(step, (waiting ?? '') + text);
    // What comes while a write is under way goes out together with the next one.
    if (waiting === undefined) this.#writing = this.#writing.then(() => this.#flush(step));
  }

  /** Resolves when all is written. A log that cannot be written is lost, the build is not. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #flush(step: number): Promise<void> {
    const text = this.#waiting.get(step) ?? '';
    this.#waiting.delete(step);
    await mkdir(this.#folder, { recursive: true })
      .then(() => appendFile(join(this.#folder, `${step}.log`), text))
      .catch(() => undefined);
  }
}
