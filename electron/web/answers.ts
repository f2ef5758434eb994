import type { ServerResponse } from 'node:http';

/** Headers that every answer carries. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()',
};

/** Answers a small page of words, without script and style; `words` is HTML, see {@link escapeHtml}. */
export function answerWords(
  response: ServerResponse,
  status: number,
  title: string,
  words: string,
  options: { headers?: Record<string, string>; head?: string } = {},
): void {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${
    options.head ?? ''
  }</head><body><h1>${title}</h1><p>${words}</p></body></html>`;
  response.writeHead(status, {
    ...SAFE_HEADERS,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    ...options.headers,
  });
  response.end(html);
}

/** The text with what HTML would read otherwise escaped. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
