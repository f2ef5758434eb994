import type { OperationEvent } from '#shared/contract/operations.ts';

/** A reader that falls further behind than this gets a fresh snapshot instead of what it missed. */
const MAX_WAITING_EVENTS = 2000;
const MAX_WAITING_LOG = 4 * 1024 * 1024;

/** An event as it is emitted, before it has its number. */
export type UnnumberedEvent = OperationEvent extends infer E
  ? E extends OperationEvent
    ? Omit<E, 'seq'>
    : never
  : never;

interface Reader {
  waiting: OperationEvent[];
  logLength: number;
  behind: boolean;
  wake: () => void;
}

/** The numbered events of one operation and those who watch it. */
export class OperationFeed {
  readonly #snapshot: () => UnnumberedEvent & { type: 'snapshot' };
  readonly #readers = new Set<Reader>();
  #seq = 0;
  #ended = false;

  constructor(snapshot: () => UnnumberedEvent & { type: 'snapshot' }) {
    this.#snapshot = snapshot;
  }

  emit(event: UnnumberedEvent): void {
    this.#seq += 1;
    const numbered = { ...event, seq: this.#seq } as OperationEvent;
    for (const reader of this.#readers) offer(reader, numbered);
  }

  /** Lets every reader finish what it has and end. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.wake();
  }

  /** A snapshot of now, then every event until the operation ends or `signal` aborts. */
  async *watch(signal?: AbortSignal): AsyncGenerator<OperationEvent, void, undefined> {
    const reader: Reader = { waiting: [], logLength: 0, behind: true, wake: () => {} };
    const onAbort = (): void => reader.wake();
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#readers.add(reader);
    try {
      while (signal?.aborted !== true) {
        const event = this.#next(reader);
        if (event !== undefined) yield event;
        else if (this.#ended) return;
        else await new Promise<void>((resolve) => (reader.wake = resolve));
      }
    } finally {
      this.#readers.delete(reader);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #next(reader: Reader): OperationEvent | undefined {
    if (reader.behind) {
      reader.behind = false;
      reader.waiting = [];
      reader.logLength = 0;
      return { ...this.#snapshot(), seq: this.#seq };
    }
    const event = reader.waiting.shift();
    if (event?.type === 'log') reader.logLength -= event.text.length;
    return event;
  }
}

function offer(reader: Reader, event: OperationEvent): void {
  if (!reader.behind) {
    reader.waiting.push(event);
    if (event.type === 'log') reader.logLength += event.text.length;
    if (reader.waiting.length > MAX_WAITING_EVENTS || reader.logLength > MAX_WAITING_LOG) {
      reader.behind = true;
      reader.waiting = [];
    }
  }
  reader.wake();
}
