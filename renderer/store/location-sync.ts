import type { AppStore } from './app-store.ts';
import { formatRoute, parseRoute } from './route.ts';

/** Keeps route and address fragment equal, both ways. Call it once, before the first drawing. */
export function syncLocation(store: AppStore, page: Window): void {
  const read = (): void => store.getState().navigation.go(parseRoute(page.location.hash));
  read();
  page.addEventListener('hashchange', read);
  store.subscribe((state, before) => {
    if (state.navigation.route === before.navigation.route) return;
    const fragment = formatRoute(state.navigation.route);
    if (page.location.hash !== fragment) page.location.hash = fragment;
  });
}
