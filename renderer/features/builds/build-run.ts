import type { BuildStep } from '#shared/contract/builds.ts';
import type { Operation, OperationEvent } from '#shared/contract/operations.ts';
import { appendLog, EMPTY_LOG, type StepLog } from './step-log.ts';

/** A build as the page follows it: the operation, its steps by their index, and what is held of their logs. */
export interface BuildRun {
  readonly operation: Operation;
  readonly steps: readonly BuildStep[];
  readonly logs: Readonly<Record<number, StepLog>>;
  /** Number of the last event that was taken in; older ones are dropped. */
  readonly seq: number;
}

/** The run after one event. A snapshot starts or restarts it; an event from before the snapshot changes nothing. */
export function applyBuildEvent(run: BuildRun | null, event: OperationEvent): BuildRun | null {
  if (event.type === 'snapshot') {
    const { operation, steps } = event.snapshot;
    return { operation, steps: inOrder(steps), logs: run?.logs ?? {}, seq: event.seq };
  }
  if (run === null || event.seq <= run.seq) return run;
  const next = { ...run, seq: event.seq };
  switch (event.type) {
    case 'operation':
      return { ...next, operation: event.operation };
    case 'step':
      return { ...next, steps: inOrder([...run.steps.filter(isOther(event.step)), event.step]) };
    case 'log': {
      const log = appendLog(run.logs[event.step] ?? EMPTY_LOG, event.offset, event.text);
      return { ...next, logs: { ...run.logs, [event.step]: log } };
    }
    case 'blob':
      return next;
  }
}

/** The run with an answer of `builds.log` taken in for one step. */
export function withLogAnswer(
  run: BuildRun,
  step: number,
  answer: { readonly offset: number; readonly text: string },
): BuildRun {
  const log = appendLog(run.logs[step] ?? EMPTY_LOG, answer.offset, answer.text);
  return { ...run, logs: { ...run.logs, [step]: log } };
}

function isOther(step: BuildStep): (candidate: BuildStep) => boolean {
  return (candidate) => candidate.index !== step.index;
}

function inOrder(steps: readonly BuildStep[]): readonly BuildStep[] {
  return [...steps].sort((a, b) => a.index - b.index);
}
