/** What the page holds of one step's log, always from its beginning. Lengths are UTF-16 units. */
export interface StepLog {
  readonly text: string;
  /** Pieces that arrived before what stands between: they wait for it. In order of their offset. */
  readonly ahead: readonly { readonly offset: number; readonly text: string }[];
}

/** A log of which nothing has arrived. */
export const EMPTY_LOG: StepLog = { text: '', ahead: [] };

/** Takes in a piece of the log that begins at `offset`. What is held already is not added twice. */
export function appendLog(log: StepLog, offset: number, text: string): StepLog {
  if (text === '') return log;
  if (offset > log.text.length) return { ...log, ahead: insert(log.ahead, offset, text) };
  if (offset + text.length <= log.text.length) return log;
  const joined = log.text + text.slice(log.text.length - offset);
  const [first, ...rest] = log.ahead;
  const next: StepLog = { text: joined, ahead: log.ahead };
  if (first === undefined || first.offset > joined.length) return next;
  return appendLog({ text: joined, ahead: rest }, first.offset, first.text);
}

/** Whether a piece is missing between what is held and what arrived: it must be asked for. */
export function hasGap(log: StepLog): boolean {
  return log.ahead.length > 0;
}

function insert(ahead: StepLog['ahead'], offset: number, text: string): StepLog['ahead'] {
  return [...ahead, { offset, text }].sort((a, b) => a.offset - b.offset);
}
