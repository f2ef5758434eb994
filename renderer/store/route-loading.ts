import type { AppState, AppStore } from './app-store.ts';
import type { Route } from './route.ts';

/** Loads what a screen shows whenever the route leads to it, so that no component fetches by itself. */
export function loadOnRoute(store: AppStore): void {
  loadFor(store.getState(), store.getState().navigation.route);
  store.subscribe((state, before) => {
    if (state.navigation.route !== before.navigation.route) loadFor(state, state.navigation.route);
  });
}

function loadFor(state: AppState, route: Route): void {
  switch (route.screen) {
    case 'registries':
      void state.journal.load();
      return;
    case 'image':
      state.engines.follow(route);
      void state.image.open(route.engine, route.ref);
      return;
    case 'compare':
      state.engines.follow(route);
      void state.comparison.open(route);
      return;
    case 'registry':
      void state.journal.load();
      void state.catalog.open(route.host);
      return;
    case 'repository':
      void state.remoteTags.open(route.name);
      return;
    case 'build':
      void state.records.load(route.id);
      return;
    case 'tags':
      state.journal.setSearch(route.name ?? '');
      void state.journal.load();
      return;
    case 'compare-builds':
      void state.buildComparison.open(route);
      return;
    case 'storage':
      void state.storage.load();
      return;
    case 'settings':
      void state.settings.diagnose();
      return;
    default:
  }
}
