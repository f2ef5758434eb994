import type { Dialog } from '#renderer/dialogs/dialog.ts';
import type { SliceCreator } from './slice.ts';

/** The one dialog that is open, as data. */
export interface DialogsSlice {
  readonly open: Dialog | null;
  show(dialog: Dialog): void;
  /** Closes the one that is open; where `dialog` is given, only if it is that one. */
  close(dialog?: Dialog): void;
}

/** Makes the dialogs slice. */
export const createDialogsSlice: SliceCreator<DialogsSlice> = (tools) => ({
  open: null,
  show: (open) => tools.set({ open }),
  close: (dialog) => {
    if (dialog === undefined || tools.own().open === dialog) tools.set({ open: null });
  },
});
