import type { WireResponse } from './transport.ts';

/**
 * The address of the next page in a `Link` header (RFC 8288), undefined on the last page. It may be relative, and a
 * registry behind a proxy may name itself by an inner host: then its path is taken at the host that answered.
 */
export function nextPage(response: WireResponse): URL | undefined {
  for (const value of response.headers('link')) {
    for (const [, address = '', parameters = ''] of value.matchAll(/<([^>]*)>([^<]*)/g)) {
      if (!/;\s*rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|next\b)/i.test(parameters)) continue;
      if (!URL.canParse(address, response.url.href)) continue;
      const next = new URL(address, response.url);
      return new URL(next.pathname + next.search, response.url);
    }
  }
  return undefined;
}
