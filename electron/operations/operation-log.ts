/** Log text that waits to be sent, joined per step; offsets are UTF-16 units from the start of the step's log. */
export class OperationLog {
  readonly #lengths = new Map<number, number>();
  readonly #waiting = new Map<number, { offset: number; text: string }>();

  /** Units that wait for {@link take}. */
  get waitingLength(): number {
    let sum = 0;
    for (const part of this.#waiting.values()) sum += part.text.length;
    return sum;
  }

  append(step: number, text: string): void {
    const offset = this.#lengths.get(step) ?? 0;
    this.#lengths.set(step, offset + text.length);
    const part = this.#waiting.get(step);
    if (part === undefined) this.#waiting.set(step, { offset, text });
    else part.text += text;
  }

  /** All that waits, oldest step first; nothing waits afterwards. */
  take(): { step: number; offset: number; text: string }[] {
    const parts = [...this.#waiting].map(([step, part]) => ({ step, ...part }));
    this.#waiting.clear();
    return parts;
  }
}
