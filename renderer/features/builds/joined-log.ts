import type { StepLog } from '#renderer/store/operation-events.ts';

/** A step's log from its beginning: what was asked for, continued by what arrived live where they meet. */
export function joinLog(asked: string, live: StepLog | undefined): string {
  if (live === undefined || live.start > asked.length) return asked;
  if (live.start + live.text.length <= asked.length) return asked;
  return asked.slice(0, live.start) + live.text;
}

/** Whether the log must be asked for: its beginning, or a piece in the middle, is not here. */
export function lacksBeginning(asked: string, live: StepLog | undefined): boolean {
  return live !== undefined && live.start > asked.length;
}
