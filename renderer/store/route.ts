/** The place in the app: a screen and what it shows. */
export type Route =
  | { readonly screen: 'projects' }
  | { readonly screen: 'project'; readonly id: string }
  | { readonly screen: 'images' }
  | { readonly screen: 'image'; readonly engine: string; readonly ref: string }
  /** Two images of an engine: how `after` differs from `before`. */
  | {
      readonly screen: 'compare';
      readonly engine: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly screen: 'builds' }
  /** `line`: of its Dockerfile, to begin with. */
  | { readonly screen: 'build'; readonly id: string; readonly line?: number }
  /** Two builds: how `after` differs from `before`. */
  | { readonly screen: 'compare-builds'; readonly before: string; readonly after: string }
  | { readonly screen: 'containers' }
  | { readonly screen: 'registries' }
  /** The journal of moved tags; `name`: of one tag. */
  | { readonly screen: 'tags'; readonly name?: string }
  /** One registry, by its host: its repositories. */
  | { readonly screen: 'registry'; readonly host: string }
  /** One repository at a registry (`ghcr.io/acme/web`): its tags. */
  | { readonly screen: 'repository'; readonly name: string }
  | { readonly screen: 'storage' }
  | { readonly screen: 'settings' };

/** The screens of the sidebar. */
export type TopScreen = Exclude<
  Route['screen'],
  'project' | 'image' | 'compare' | 'build' | 'compare-builds' | 'registry' | 'repository'
>;

const TOP_SCREENS: readonly TopScreen[] = [
  'projects',
  'images',
  'builds',
  'containers',
  'registries',
  'storage',
  'tags',
  'settings',
];

/** The engine id under which images at registries are shown; their `ref` is a reference. */
export const REMOTE_ENGINE = 'registry';

/** Where the app opens. */
export const HOME: Route = { screen: 'projects' };

/** The screen of the sidebar to which a route belongs. */
export function topScreen(route: Route): TopScreen {
  switch (route.screen) {
    case 'project':
      return 'projects';
    case 'image':
      return route.engine === REMOTE_ENGINE ? 'registries' : 'images';
    case 'compare':
      return 'images';
    case 'build':
    case 'compare-builds':
      return 'builds';
    case 'registry':
    case 'repository':
      return 'registries';
    default:
      return route.screen;
  }
}

/** A route as the fragment of the address: `#/image/builtin/nginx%3A1.27`. */
export function formatRoute(route: Route): string {
  switch (route.screen) {
    case 'project':
      return `#/project/${encodeURIComponent(route.id)}`;
    case 'build':
      return `#/build/${encodeURIComponent(route.id)}${route.line === undefined ? '' : `/${route.line}`}`;
    case 'tags':
      return route.name === undefined ? '#/tags' : `#/tags/${encodeURIComponent(route.name)}`;
    case 'registry':
      return `#/registry/${encodeURIComponent(route.host)}`;
    case 'repository':
      return `#/repository/${encodeURIComponent(route.name)}`;
    case 'image':
      return `#/image/${[route.engine, route.ref].map(encodeURIComponent).join('/')}`;
    case 'compare':
      return `#/compare/${[route.engine, route.before, route.after].map(encodeURIComponent).join('/')}`;
    case 'compare-builds':
      return `#/compare-builds/${[route.before, route.after].map(encodeURIComponent).join('/')}`;
    default:
      return `#/${route.screen}`;
  }
}

/** Reads what {@link formatRoute} wrote; anything else leads home. */
export function parseRoute(fragment: string): Route {
  const [screen = '', first, second, third] = fragment
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode);
  if (screen === 'project' && first) return { screen, id: first };
  if (screen === 'build' && first)
    return /^[1-9]\d{0,8}$/.test(second ?? '')
      ? { screen, id: first, line: Number(second) }
      : { screen, id: first };
  if (screen === 'tags' && first) return { screen, name: first };
  if (screen === 'registry' && first) return { screen, host: first };
  if (screen === 'repository' && first) return { screen, name: first };
  if (screen === 'image' && first && second) return { screen, engine: first, ref: second };
  if (screen === 'compare' && first && second && third)
    return { screen, engine: first, before: second, after: third };
  if (screen === 'compare-builds' && first && second) return { screen, before: first, after: second };
  const top = TOP_SCREENS.find((name) => name === screen);
  return top === undefined ? HOME : { screen: top };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
