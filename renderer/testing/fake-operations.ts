import type { BuildStep } from '#shared/contract/builds.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { Operation, OperationEvent, TransferBlob } from '#shared/contract/operations.ts';
import { type Channel, createChannel, toStream } from './channel.ts';
import { failWith } from './fail-with.ts';

interface Entry {
  operation: Operation;
  blobs: TransferBlob[];
  steps: BuildStep[];
  seq: number;
  readonly events: Channel<OperationEvent>;
}

/** What an invented operation does. */
export interface FakeWork {
  readonly kind: Operation['kind'];
  readonly title: string;
  readonly blobs: readonly TransferBlob[];
  readonly result: Operation['result'];
  /** Fails with it half way. */
  readonly error?: ErrorView | undefined;
}

type FakeEvent =
  | { readonly type: 'operation' }
  | { readonly type: 'blob'; readonly blob: TransferBlob }
  | { readonly type: 'step'; readonly step: BuildStep }
  | { readonly type: 'log'; readonly step: number; readonly offset: number; readonly text: string };

/** An invented operation that is moved by its maker. */
export interface FakeOperation {
  readonly id: string;
  /** Whether it still runs: nobody has cancelled or ended it. */
  isRunning(): boolean;
  change(patch: Partial<Operation>): void;
  step(step: BuildStep): void;
  /** Appends `text` at `offset` of a step's log. */
  log(step: number, offset: number, text: string): void;
}

/** What {@link createFakeOperations} makes. */
export type FakeOperations = ReturnType<typeof createFakeOperations>;

/** Operations that move by themselves, `beat` milliseconds a step. */
export function createFakeOperations(beat: number) {
  const entries = new Map<string, Entry>();
  const feed = createChannel<Operation>();
  let last = 0;

  const emit = (entry: Entry, event: FakeEvent): void => {
    entry.seq += 1;
    if (event.type === 'operation') {
      entry.events.send({ seq: entry.seq, type: 'operation', operation: entry.operation });
      feed.send(entry.operation);
    } else entry.events.send({ seq: entry.seq, ...event });
  };
  const change = (entry: Entry, patch: Partial<Operation>): void => {
    entry.operation = { ...entry.operation, ...patch };
    emit(entry, { type: 'operation' });
    if (entry.operation.state !== 'running') entry.events.end();
  };

  const advance = (entry: Entry, work: FakeWork): void => {
    if (entry.operation.state !== 'running') return;
    const next = entry.blobs.find((blob) => blob.state === 'waiting' || blob.state === 'transferring');
    const done = entry.blobs.reduce((sum, blob) => sum + blob.done, 0);
    const total = entry.blobs.reduce((sum, blob) => sum + blob.size, 0);
    const endedAt = Date.now();
    if (work.error !== undefined && done > total / 2) {
      change(entry, { state: 'failed', endedAt, error: work.error });
      return;
    }
    if (next === undefined) {
      change(entry, { state: 'done', endedAt, result: work.result });
      return;
    }
    const step = Math.min(next.size, next.done + next.size / 8 + 1);
    const blob: TransferBlob = { ...next, done: step, state: step === next.size ? 'done' : 'transferring' };
    entry.blobs = entry.blobs.map((other) => (other.digest === blob.digest ? blob : other));
    emit(entry, { type: 'blob', blob });
    change(entry, { progress: { done: done + step - next.done, total, unit: 'bytes' } });
    setTimeout(() => advance(entry, work), beat);
  };

  async function* watch(id: string, signal?: AbortSignal): AsyncGenerator<OperationEvent, void> {
    const entry = entries.get(id);
    if (entry === undefined) throw failWith({ code: 'not-found', message: 'There is no such operation.' });
    const events = entry.events.listen(signal);
    const { operation, blobs, steps } = entry;
    yield { seq: entry.seq, type: 'snapshot', snapshot: { operation, steps, blobs } };
    if (operation.state === 'running') yield* events;
  }

  const add = (kind: Operation['kind'], title: string, more: Partial<Entry & { buildId: string }>): Entry => {
    last += 1;
    const operation: Operation = {
      id: `op-${last}`,
      kind,
      title,
      state: 'running',
      startedAt: Date.now(),
      endedAt: null,
      progress: { done: 0, total: 1, unit: 'bytes' },
      error: null,
      result: null,
      buildId: more.buildId ?? null,
    };
    const entry = {
      operation,
      blobs: more.blobs ?? [],
      steps: [],
      seq: 0,
      events: createChannel<OperationEvent>(),
    };
    entries.set(operation.id, entry);
    feed.send(operation);
    return entry;
  };

  return {
    start(work: FakeWork): { operationId: string } {
      const entry = add(work.kind, work.title, { blobs: [...work.blobs] });
      setTimeout(() => advance(entry, work), beat);
      return { operationId: entry.operation.id };
    },
    /** Begins an operation that does not move by itself. */
    begin(kind: Operation['kind'], title: string, buildId?: string): FakeOperation {
      const entry = add(kind, title, buildId === undefined ? {} : { buildId });
      return {
        id: entry.operation.id,
        isRunning: () => entry.operation.state === 'running',
        change: (patch) => change(entry, patch),
        step: (step) => {
          entry.steps = [...entry.steps.filter((other) => other.index !== step.index), step];
          emit(entry, { type: 'step', step });
        },
        log: (step, offset, text) => emit(entry, { type: 'log', step, offset, text }),
      };
    },
    list: (): Operation[] => [...entries.values()].map((entry) => entry.operation),
    feed: (signal?: AbortSignal) => feed.listen(signal),
    watch: (id: string, signal?: AbortSignal) => toStream(watch(id, signal)),
    cancel(id: string): void {
      const entry = entries.get(id);
      if (entry?.operation.state === 'running') change(entry, { state: 'cancelled', endedAt: Date.now() });
    },
    dismiss: (id: string): void => void entries.delete(id),
  };
}
