import { toErrorView } from '#renderer/client/failure.ts';
import type { SliceCreator } from './slice.ts';

/** A short notice that goes by itself. */
export interface Toast {
  readonly id: number;
  readonly tone: 'done' | 'info' | 'failed';
  readonly title: string;
  readonly detail?: string | undefined;
  /** A way back or on: "Undo", "Show". */
  readonly action?: { readonly label: string; run(): void } | undefined;
}

/** The notices on show, oldest first. */
export interface ToastsSlice {
  readonly items: readonly Toast[];
  /** Shows a notice, in place of one that says the same, and returns its id. */
  add(toast: Omit<Toast, 'id'>): number;
  dismiss(id: number): void;
  /** Shows what went wrong, in the host's words. */
  fail(error: unknown): void;
}

const MOST = 4;

/** Makes the toasts slice. */
export const createToastsSlice: SliceCreator<ToastsSlice> = (tools) => {
  let last = 0;
  return {
    items: [],
    add: (toast) => {
      last += 1;
      const others = tools.own().items.filter((item) => !isSame(item, toast));
      tools.set({ items: [...others, { ...toast, id: last }].slice(-MOST) });
      return last;
    },
    fail: (error) => {
      const { message, hint } = toErrorView(error);
      tools.own().add({ tone: 'failed', title: message, detail: hint });
    },
    dismiss: (id) => tools.set({ items: tools.own().items.filter((item) => item.id !== id) }),
  };
};

function isSame(a: Omit<Toast, 'id'>, b: Omit<Toast, 'id'>): boolean {
  return a.title === b.title && a.detail === b.detail && a.action === undefined && b.action === undefined;
}
