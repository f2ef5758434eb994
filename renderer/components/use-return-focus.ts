import { useState } from 'react';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { screenFocus } from './keep-focus.ts';

/** What had the focus on the page before the dialog that is open, or the one that led to it. */
let opener: HTMLElement | null = null;

/**
 * Where the focus goes when a dialog is closed: to what it was opened from, also where another dialog, a menu or the
 * palette came between; to the field of a dialog below where that is still open. Where what opened it is gone, as the
 * row of an image that was removed is, it goes to the list on the screen. To be called by what draws a dialog, before a field in it takes the focus.
 */
export function useReturnFocus(): () => HTMLElement | boolean {
  const store = useAppStore();
  const [below] = useState(() => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement)) return null;
    opener = openerOf(focused) ?? opener;
    return focused.closest('[role=dialog]') === null ? null : focused;
  });
  return () => {
    if (below?.isConnected) return below;
    // Another dialog took the place of this one, and the focus is its own: what is below it must not be reached.
    if (store.getState().dialogs.open !== null) return false;
    return opener?.isConnected ? opener : (screenFocus() ?? true);
  };
}

/** Null for what lies in a dialog itself: it is gone when that is closed. */
function openerOf(focused: HTMLElement): HTMLElement | null {
  const menu = focused.closest('[role=menu]');
  if (menu !== null) return document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return focused === document.body || focused.closest('[role=dialog]') !== null ? null : focused;
}
