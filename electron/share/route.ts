/** What a path of the distribution API asks for. */
export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'tags'; readonly repository: string }
  | { readonly kind: 'manifest'; readonly repository: string; readonly selector: string }
  | { readonly kind: 'blob'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'uploads'; readonly repository: string }
  | { readonly kind: 'upload'; readonly repository: string; readonly id: string }
  | { readonly kind: 'referrers'; readonly repository: string; readonly digest: string };

/** Repositories may hold any of the API's own words, so the end of a path decides. */
const ROUTES: readonly (readonly [RegExp, (repository: string, rest: string) => Route])[] = [
  [/^\/v2\/(.+)\/tags\/list$/, (repository) => ({ kind: 'tags', repository })],
  [/^\/v2\/(.+)\/blobs\/uploads\/?$/, (repository) => ({ kind: 'uploads', repository })],
  [/^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, (repository, id) => ({ kind: 'upload', repository, id })],
  [/^\/v2\/(.+)\/blobs\/([^/]+)$/, (repository, digest) => ({ kind: 'blob', repository, digest })],
  [
    /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    (repository, selector) => ({ kind: 'manifest', repository, selector }),
  ],
  [/^\/v2\/(.+)\/referrers\/([^/]+)$/, (repository, digest) => ({ kind: 'referrers', repository, digest })],
];

/** Reads a path; null where the API has none such. */
export function readRoute(path: string): Route | null {
  if (path === '/v2/' || path === '/v2') return { kind: 'base' };
  if (path === '/v2/_catalog') return { kind: 'catalog' };
  for (const [shape, make] of ROUTES) {
    const [, repository, rest] = shape.exec(path) ?? [];
    if (repository !== undefined) return make(repository, rest ?? '');
  }
  return null;
}
