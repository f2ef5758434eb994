import type { ErrorView } from '#shared/contract/common.ts';
import type { Operation, OperationEvent, TransferBlob } from '#shared/contract/operations.ts';
import { type Channel, createChannel, toStream } from './channel.ts';
import { failWith } from './fail-with.ts';

interface Entry {
  operation: Operation;
  blobs: TransferBlob[];
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

/** What {@link createFakeOperations} makes. */
export type FakeOperations = ReturnType<typeof createFakeOperations>;

/** Operations that move by themselves, `beat` milliseconds a step. */
export function createFakeOperations(beat: number) {
  const entries = new Map<string, Entry>();
  const feed = createChannel<Operation>();
  let last = 0;

  const emit = (entry: Entry, event: { type: 'operation' } | { type: 'blob'; blob: TransferBlob }): void => {
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
    const { operation, blobs } = entry;
    yield { seq: entry.seq, type: 'snapshot', snapshot: { operation, steps: [], blobs } };
    if (operation.state === 'running') yield* events;
  }

  return {
    start(work: FakeWork): { operationId: string } {
      last += 1;
      const id = `op-${last}`;
      const operation: Operation = {
        id,
        kind: work.kind,
        title: work.title,
        state: 'running',
        startedAt: Date.now(),
        endedAt: null,
        progress: { done: 0, total: 1, unit: 'bytes' },
        error: null,
        result: null,
        buildId: null,
      };
      const entry: Entry = { operation, blobs: [...work.blobs], seq: 0, events: createChannel() };
      entries.set(id, entry);
      feed.send(operation);
      setTimeout(() => advance(entry, work), beat);
      return { operationId: id };
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
