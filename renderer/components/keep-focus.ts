/**
 * Calls `onLost` when the element of `box` that had the focus was taken out of it, which leaves the focus nowhere: the
 * next key would go unheard. Returns the way to stop.
 */
export function watchLostFocus(box: HTMLElement, onLost: () => void): () => void {
  let holder: Node | null = box.contains(document.activeElement) ? document.activeElement : null;
  const onFocus = ({ target }: FocusEvent): void => {
    holder = target instanceof Node ? target : null;
  };
  const onLeave = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !box.contains(relatedTarget)) holder = null;
  };
  const observer = new MutationObserver(() => {
    if (holder !== null && !box.contains(holder) && document.activeElement === document.body) onLost();
  });
  observer.observe(box, { childList: true, subtree: true });
  box.addEventListener('focusin', onFocus);
  box.addEventListener('focusout', onLeave);
  return () => {
    observer.disconnect();
    box.removeEventListener('focusin', onFocus);
    box.removeEventListener('focusout', onLeave);
  };
}

/** Where the focus belongs on a screen: what the arrow keys go through, else the screen itself. Never a button. */
export function screenFocus(): HTMLElement | null {
  const lists = ':is([role=grid], [role=treegrid], [role=listbox])[tabindex="0"], [data-line][tabindex="0"]';
  return document.querySelector<HTMLElement>(`main :is(${lists})`) ?? document.querySelector('main');
}

/**
 * For a part of the page: whoever had the focus in a row that was removed, in a screen that was left or on a notice that
 * went goes on in what the screen shows now. Returns the way to stop.
 */
export function keepFocusOnScreen(part: HTMLElement): () => void {
  return watchLostFocus(part, () => {
    // What is below a dialog must not be reached.
    if (document.querySelector('[role=dialog]') === null) screenFocus()?.focus({ preventScroll: true });
  });
}
