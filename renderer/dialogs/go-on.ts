import type { AppState } from '#renderer/store/app-store.ts';
import type { Dialog } from './dialog.ts';

/** What waited for a dialog that mends something: a sign-in, a trusted certificate. */
export interface Waiting {
  /** Shown again after the dialog where there is nothing to resume, and when it is left. */
  readonly next?: Dialog | undefined;
  /** Begun again once it is mended. */
  resume?: (() => Promise<void>) | undefined;
}

/** Goes on with what waited. Where that is refused at once, it is told and the dialog before comes back. */
export async function goOn({ dialogs, toasts }: AppState, { next, resume }: Waiting): Promise<void> {
  if (resume !== undefined) {
    try {
      return await resume();
    } catch (error) {
      toasts.fail(error);
    }
  }
  if (next !== undefined) dialogs.show(next);
}
