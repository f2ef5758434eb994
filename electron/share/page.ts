import { SpecError } from './spec-error.ts';

/** A page of names in the order of their characters, and the query of the page after it, undefined at the end. */
export interface Page {
  readonly names: readonly string[];
  readonly next: string | undefined;
}

/** The page that `n` and `last` ask for (distribution-spec, listing tags). Throws `UNSUPPORTED` for an `n` that is no number. */
export function pageOf(all: readonly string[], query: URLSearchParams): Page {
  const count = query.get('n');
  const last = query.get('last') ?? '';
  if (count !== null && !/^\d{1,9}$/.test(count))
    throw new SpecError(400, 'UNSUPPORTED', `n=${count} is not a number of names.`);
  const following = [...new Set(all)].filter((name) => name > last).sort((a, b) => (a < b ? -1 : 1));
  if (count === null) return { names: following, next: undefined };
  const names = following.slice(0, Number(count));
  const end = names.at(-1);
  const isCut = end !== undefined && names.length < following.length;
  if (!isCut) return { names, next: undefined };
  const next = new URLSearchParams({ n: count, last: end });
  // A client that asks for another registry's names here goes on doing so.
  const namespace = query.get('ns');
  if (namespace !== null) next.set('ns', namespace);
  return { names, next: next.toString() };
}

/** The header that leads to the next page, or none. */
export function linkTo(path: string, { next }: Page): Record<string, string> {
  return next === undefined ? {} : { link: `<${path}?${next}>; rel="next"` };
}
