import { formatRoute, HOME, type Route } from './route.ts';
import type { SliceCreator } from './slice.ts';

/** Where the user is. The address bar follows it (location-sync.ts), so history and reload work. */
export interface NavigationSlice {
  readonly route: Route;
  /** Shows another screen; a dialog that is open is closed. */
  go(route: Route): void;
}

/** Makes the navigation slice. */
export const createNavigationSlice: SliceCreator<NavigationSlice> = (tools) => ({
  route: HOME,
  go: (route) => {
    if (formatRoute(route) === formatRoute(tools.own().route)) return;
    // It is about the screen that is left, also where the browser's own Back leads away.
    tools.state().dialogs.close();
    tools.set({ route });
  },
});
