import type { OperationView } from '#renderer/store/operation-events.ts';

/** What a transfer waits for. */
export interface TransferWait {
  readonly why: string;
  /** The next try, milliseconds since 1970. */
  readonly at: number;
  /** Layers that wait; 0 for a question about the whole image. */
  readonly layers: number;
}

/** What a running transfer waits for: the wait that ends first; null while it goes on. */
export function waitOf({
  operation,
  blobs,
}: Pick<OperationView, 'operation' | 'blobs'>): TransferWait | null {
  if (operation.state !== 'running') return null;
  const waiting = blobs.flatMap(({ state, retryAt, note }) =>
    state === 'retrying' && retryAt !== undefined
      ? [{ why: sentence(note ?? 'It failed'), at: retryAt }]
      : [],
  );
  const [first] = waiting.sort((a, b) => a.at - b.at);
  if (first !== undefined) return { ...first, layers: waiting.length };
  const { waiting: question } = operation;
  return question == null ? null : { why: sentence(question.why), at: question.at, layers: 0 };
}

/** The words as a sentence of their own; the name of a host stays as it is written. */
function sentence(words: string): string {
  const isWord = /^[a-z]+ /.test(words);
  return `${isWord ? words.charAt(0).toUpperCase() + words.slice(1) : words}.`;
}
