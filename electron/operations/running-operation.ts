import type { z } from 'zod';
import type { BuildStep } from '#shared/contract/builds.ts';
import type {
  Operation,
  OperationEvent,
  operationResult,
  TransferBlob,
} from '#shared/contract/operations.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import { createWaker, type Wake } from '../platform/wake.ts';
import { OperationFeed } from './operation-feed.ts';
import { OperationLog } from './operation-log.ts';
import { Throttle } from './throttle.ts';

/** What long work came to. */
export type OperationResult = z.infer<typeof operationResult>;

/** How long work tells what it does. All of it may be called often: what is sent is bounded. */
export interface OperationContext {
  readonly id: string;
  /** Aborts when somebody cancels the operation or the host closes. */
  readonly signal: AbortSignal;
  progress(progress: NonNullable<Operation['progress']>): void;
  /** Replaces the list of steps. */
  steps(steps: readonly BuildStep[]): void;
  step(step: BuildStep): void;
  log(step: number, text: string): void;
  blob(blob: TransferBlob): void;
  /** What it waits for before it asks again; null when it goes on. */
  waiting(wait: NonNullable<Operation['waiting']> | null): void;
  /** Tells that somebody does not want to wait. */
  readonly wake: Wake;
}

/** The work itself. What it throws becomes the operation's error. */
export type OperationRun = (context: OperationContext) => Promise<OperationResult>;

const CANCELLED = { code: 'cancelled', message: 'It was cancelled.' } as const;
const PROGRESS_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 50;
const LOG_AT_ONCE = 64 * 1024;

/** One operation: its state, its numbered events and its end. */
export class RunningOperation {
  readonly #abort = new AbortController();
  readonly #waker = createWaker();
  readonly #throttle = new Throttle(PROGRESS_INTERVAL_MS);
  readonly #logRate = new Throttle(LOG_INTERVAL_MS);
  readonly #log = new OperationLog();
  readonly #steps = new Map<number, BuildStep>();
  readonly #blobs = new Map<string, TransferBlob>();
  readonly #feed: OperationFeed;
  readonly #onChange: (operation: Operation) => void;
  #operation: Operation;

  constructor(operation: Operation, onChange: (operation: Operation) => void) {
    this.#operation = operation;
    this.#onChange = onChange;
    this.#feed = new OperationFeed(() => ({
      type: 'snapshot',
      snapshot: {
        operation: this.#operation,
        steps: [...this.#steps.values()],
        blobs: [...this.#blobs.values()],
      },
    }));
  }

  get operation(): Operation {
    return this.#operation;
  }

  /** A snapshot, then what happens until the end or until `signal` aborts. */
  watch(signal?: AbortSignal): AsyncGenerator<OperationEvent, void, undefined> {
    return this.#feed.watch(signal);
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Ends waits between tries early. */
  retryNow(): void {
    this.#waker.wake();
  }

  /** Runs the work to its end; never throws. */
  async run(work: OperationRun): Promise<void> {
    try {
      const result = await work(this.#context());
      this.#end({ state: 'done', result });
    } catch (error) {
      const cancelled = this.#abort.signal.aborted;
      this.#end({
        state: cancelled ? 'cancelled' : 'failed',
        error: cancelled ? CANCELLED : toErrorView(error),
      });
    }
  }

  #context(): OperationContext {
    return {
      id: this.#operation.id,
      signal: this.#abort.signal,
      progress: (progress) => this.#throttle.call('progress', () => this.#change({ progress })),
      steps: (steps) => this.#setSteps(steps),
      step: (step) => this.#setStep(step),
      log: (step, text) => this.#appendLog(step, text),
      blob: (blob) => this.#setBlob(blob),
      waiting: (waiting) => this.#change({ waiting }),
      wake: this.#waker,
    };
  }

  #setSteps(steps: readonly BuildStep[]): void {
    this.#flushLog();
    this.#steps.clear();
    for (const step of steps) this.#steps.set(step.index, step);
    for (const step of steps) this.#feed.emit({ type: 'step', step });
  }

  #setStep(step: BuildStep): void {
    this.#flushLog();
    this.#steps.set(step.index, step);
    this.#feed.emit({ type: 'step', step });
  }

  #appendLog(step: number, text: string): void {
    if (text === '') return;
    this.#log.append(step, text);
    if (this.#log.waitingLength >= LOG_AT_ONCE) this.#flushLog();
    else this.#logRate.call('log', () => this.#flushLog());
  }

  #flushLog(): void {
    for (const part of this.#log.take()) this.#feed.emit({ type: 'log', ...part });
  }

  #setBlob(blob: TransferBlob): void {
    const before = this.#blobs.get(blob.digest);
    this.#blobs.set(blob.digest, blob);
    const key = `blob ${blob.digest}`;
    const tell = (): void => this.#feed.emit({ type: 'blob', blob });
    if (before?.state === blob.state) this.#throttle.call(key, tell);
    else this.#throttle.now(key, tell);
  }

  #end(outcome: Pick<Operation, 'state'> & Partial<Pick<Operation, 'result' | 'error'>>): void {
    this.#throttle.flush();
    this.#logRate.flush();
    this.#flushLog();
    this.#change({ ...outcome, waiting: null, endedAt: Date.now() });
    this.#feed.end();
  }

  #change(part: Partial<Operation>): void {
    this.#operation = { ...this.#operation, ...part };
    this.#feed.emit({ type: 'operation', operation: this.#operation });
    this.#onChange(this.#operation);
  }
}
