import type { AppStore } from './app-store.ts';

/** Keeps the page's `data-theme` equal to the setting; `system` leaves it to the browser. */
export function syncTheme(store: AppStore, root: HTMLElement): void {
  const apply = (): void => {
    const { value } = store.getState().settings;
    if (value.status !== 'ready') return;
    if (value.value.theme === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', value.value.theme);
  };
  apply();
  store.subscribe((state, before) => {
    if (state.settings.value !== before.settings.value) apply();
  });
}
