import { AppError, type ErrorCode } from '#shared/errors/app-error.ts';
import { plainReason } from './plain-reason.ts';

interface CallContext {
  /** Name for people: "Docker". */
  readonly engine: string;
  readonly address: string;
}

/** The error for a connection that could not be made or broke: `engine-unavailable`, or what was already ours. */
export function connectionError(error: unknown, context: CallContext): AppError {
  if (error instanceof AppError) return error;
  return new AppError(
    'engine-unavailable',
    `${context.engine} does not answer at ${context.address}: ${plainReason(error)}.`,
    {
      hint: `Start ${context.engine}, or choose another engine.`,
      detail: { kind: 'engine', engine: context.engine },
      cause: error,
    },
  );
}

/** The error for a stream that ended in the middle, when the engine stopped or the way to it broke. */
export function brokenOff(error: unknown, engine: string): AppError {
  if (error instanceof AppError) return error;
  return new AppError('engine-unavailable', `The connection to ${engine} broke off.`, {
    hint: `Check that ${engine} still runs, then try again.`,
    detail: { kind: 'engine', engine },
    cause: error,
  });
}

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid-input',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  501: 'unsupported',
};

/** The error for an answer that refuses: the engine's own sentence under a code of ours. */
export function requestError(
  status: number,
  body: string,
  context: CallContext & { path: string },
): AppError {
  const words = errorWords(body);
  const message = words === '' ? `${context.engine} answered with HTTP status ${status}.` : sentence(words);
  return new AppError(CODE_OF_STATUS[status] ?? 'internal', message, {
    ...(status === 409 ? { hint: conflictHint(words) } : {}),
    detail: { kind: 'engine', engine: context.engine },
    cause: new Error(`HTTP ${status} on ${context.path}: ${words}`),
  });
}

/** The words of an error answer: Docker's `{"message"}`, Podman's `{"cause","message"}`, or plain text. */
export function errorWords(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) {
      return typeof parsed.message === 'string' ? parsed.message.trim() : '';
    }
  } catch {
    // Proxies and old engines answer in plain text.
  }
  return body.trim().slice(0, 500);
}

/** Engine's words as a sentence: first letter large, full stop at the end. */
export function sentence(words: string): string {
  const text = words.trim();
  if (text === '') return text;
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function conflictHint(words: string): string {
  if (/dependent child images/i.test(words)) return 'Remove the images that were built on it first.';
  if (/running container|is running/i.test(words)) return 'Stop the container first.';
  if (/container/i.test(words)) return 'Remove the container first, or remove with force.';
  return 'Reload the list and try again.';
}
