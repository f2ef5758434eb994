import { randomUUID } from 'node:crypto';
import type { Operation, OperationEvent } from '#shared/contract/operations.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { Broadcast, type Subscription } from './broadcast.ts';
import { type OperationRun, RunningOperation } from './running-operation.ts';

/** What an operation is called and belongs to. */
export interface OperationStart {
  readonly kind: Operation['kind'];
  /** What the status bar says: "Build web". */
  readonly title: string;
  readonly buildId?: string | undefined;
  /** Given by the caller where it must be known before; else made here. */
  readonly id?: string | undefined;
}

/** Ended operations that are remembered, so that a page that was away can read their end. */
const MAX_ENDED = 100;

/** All long work of one host: started here, watched, cancelled and remembered until dismissed. */
export class OperationRegistry {
  readonly #operations = new Map<string, RunningOperation>();
  readonly #running = new Set<Promise<void>>();
  readonly #changes = new Broadcast<Operation>((operation) => operation.id);
  #closed = false;

  /** Begins the work and answers its id at once. Throws `busy` when the host is closing. */
  start(start: OperationStart, run: OperationRun): string {
    if (this.#closed) throw new AppError('busy', 'Strata is closing and begins no new work.');
    const operation = new RunningOperation(newOperation(start), (changed) => this.#changes.emit(changed));
    const id = operation.operation.id;
    this.#operations.set(id, operation);
    this.#changes.emit(operation.operation);
    const end = Promise.resolve()
      .then(() => operation.run(run))
      .finally(() => {
        this.#running.delete(end);
        this.#forgetOldest();
      });
    this.#running.add(end);
    return id;
  }

  /** Running ones and those that ended since the host started, newest first. */
  list(): Operation[] {
    return [...this.#operations.values()].map((one) => one.operation).reverse();
  }

  /** Its state now. Throws `not-found`. */
  get(id: string): Operation {
    return this.#find(id).operation;
  }

  /** A snapshot, then every event until the operation ends or `signal` aborts. Throws `not-found`. */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<OperationEvent, void, undefined> {
    return this.#find(id).watch(signal);
  }

  /** Every change of any operation's outer state from now on. */
  feed(signal?: AbortSignal): Subscription<Operation> {
    return this.#changes.stream(signal);
  }

  /** Calls `listener` at every change of any operation's outer state; the answer stops it. */
  subscribe(listener: (operation: Operation) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** Asks the operation to stop; one that ended already is left as it is. Throws `not-found`. */
  cancel(id: string): void {
    this.#find(id).cancel();
  }

  /** Lets an operation that waits between two tries go on at once. Throws `not-found`. */
  retryNow(id: string): void {
    this.#find(id).retryNow();
  }

  /** Forgets an ended operation. Throws `not-found`, and `conflict` while it runs. */
  dismiss(id: string): void {
    const { operation } = this.#find(id);
    if (operation.state === 'running') {
      throw new AppError('conflict', `"${operation.title}" is still running.`, {
        hint: 'Cancel it first, or let it end.',
      });
    }
    this.#operations.delete(id);
  }

  /** Cancels everything, waits for its end and begins nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const operation of this.#operations.values()) operation.cancel();
    await Promise.all(this.#running);
  }

  #find(id: string): RunningOperation {
    const operation = this.#operations.get(id);
    if (operation === undefined) {
      throw new AppError('not-found', 'That work is not known any more.', {
        hint: 'It ended and was dismissed, or Strata was restarted since.',
      });
    }
    return operation;
  }

  #forgetOldest(): void {
    const ended = [...this.#operations].filter(([, one]) => one.operation.state !== 'running');
    for (const [id] of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) this.#operations.delete(id);
  }
}

function newOperation(start: OperationStart): Operation {
  return {
    id: start.id ?? randomUUID(),
    kind: start.kind,
    title: start.title,
    state: 'running',
    startedAt: Date.now(),
    endedAt: null,
    progress: null,
    error: null,
    result: null,
    buildId: start.buildId ?? null,
  };
}
