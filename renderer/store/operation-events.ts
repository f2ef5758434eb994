import type { BuildStep } from '#shared/contract/builds.ts';
import type { Operation, OperationEvent, TransferBlob } from '#shared/contract/operations.ts';

/** The log of one step as far as it is here: `text` begins at `start` (UTF-16 units from the step's beginning). */
export interface StepLog {
  readonly start: number;
  readonly text: string;
}

/** Everything the page holds of one operation. */
export interface OperationView {
  readonly operation: Operation;
  readonly steps: readonly BuildStep[];
  readonly blobs: readonly TransferBlob[];
  readonly logs: Readonly<Record<number, StepLog>>;
  /** Number of the last event that went in; -1 before the first. */
  readonly seq: number;
}

const EMPTY_LOG: StepLog = { start: 0, text: '' };

/** A view of an operation of which only the outer state is known. */
export function outerView(operation: Operation): OperationView {
  return { operation, steps: [], blobs: [], logs: {}, seq: -1 };
}

/** The view after one event. Events that a snapshot already contains are dropped. */
export function applyEvent(view: OperationView, event: OperationEvent): OperationView {
  if (event.type === 'snapshot') return { ...view, ...event.snapshot, seq: event.seq };
  if (event.seq <= view.seq) return view;
  const next = { ...view, seq: event.seq };
  switch (event.type) {
    case 'operation':
      return { ...next, operation: event.operation };
    case 'step':
      return { ...next, steps: replaceStep(view.steps, event.step) };
    case 'blob':
      return { ...next, blobs: replaceBlob(view.blobs, event.blob) };
    case 'log': {
      const log = mergeLog(view.logs[event.step], event.offset, event.text);
      return { ...next, logs: { ...view.logs, [event.step]: log } };
    }
  }
}

/**
 * A log with `text` at `offset` in it. What is here already is written over, a piece before the beginning is put in
 * front; after a hole only the newer piece is kept, and `start` tells what is missing.
 */
export function mergeLog(log: StepLog | undefined, offset: number, text: string): StepLog {
  const old = log ?? { ...EMPTY_LOG, start: offset };
  const end = old.start + old.text.length;
  if (offset === end) return { start: old.start, text: old.text + text };
  if (offset > end) return { start: offset, text };
  const textEnd = offset + text.length;
  if (textEnd < old.start) return old;
  const before = offset > old.start ? old.text.slice(0, offset - old.start) : '';
  const after = textEnd < end ? old.text.slice(textEnd - old.start) : '';
  return { start: Math.min(old.start, offset), text: before + text + after };
}

function replaceStep(steps: readonly BuildStep[], step: BuildStep): readonly BuildStep[] {
  const known = steps.some((other) => other.index === step.index);
  if (known) return steps.map((other) => (other.index === step.index ? step : other));
  return [...steps, step].sort((a, b) => a.index - b.index);
}

function replaceBlob(blobs: readonly TransferBlob[], blob: TransferBlob): readonly TransferBlob[] {
  const known = blobs.some((other) => other.digest === blob.digest);
  return known ? blobs.map((other) => (other.digest === blob.digest ? blob : other)) : [...blobs, blob];
}
