import type { Dialog } from '#renderer/dialogs/dialog.ts';
import type { SliceCreator } from './slice.ts';

/** The one dialog that is open, as data. */
export interface DialogsSlice {
  readonly open: Dialog | null;
  show(dialog: Dialog): void;
  close(): void;
}

/** Makes the dialogs slice. */
export const createDialogsSlice: SliceCreator<DialogsSlice> = (tools) => ({
  open: null,
  show: (open) => tools.set({ open }),
  close: () => tools.set({ open: null }),
});
