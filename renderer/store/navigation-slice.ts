import { formatRoute, HOME, type Route } from './route.ts';
import type { SliceCreator } from './slice.ts';

/** Where the user is. The address bar follows it (location-sync.ts), so history and reload work. */
export interface NavigationSlice {
  readonly route: Route;
  go(route: Route): void;
}

/** Makes the navigation slice. */
export const createNavigationSlice: SliceCreator<NavigationSlice> = (tools) => ({
  route: HOME,
  go: (route) => {
    if (formatRoute(route) !== formatRoute(tools.own().route)) tools.set({ route });
  },
});
