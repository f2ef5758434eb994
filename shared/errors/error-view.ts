import type { ErrorView } from '../contract/common.ts';
import { AppError, isCancelled } from './app-error.ts';

/** What a page or a program may know of any thrown thing: unknown errors become `internal`, aborts `cancelled`. */
export function toErrorView(error: unknown): ErrorView {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, hint: error.hint, detail: error.detail };
  }
  if (isCancelled(error)) return { code: 'cancelled', message: 'It was cancelled.' };
  const message = error instanceof Error && error.message !== '' ? error.message : String(error);
  return {
    code: 'internal',
    message: `Something went wrong inside Strata: ${message}`,
    hint: 'Try again; if it happens again, report it with the text above.',
  };
}
