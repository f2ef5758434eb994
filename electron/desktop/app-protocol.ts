import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { contentPolicy } from '../platform/content-policy.ts';
import { findPageFile } from '../platform/page-file.ts';

const SCHEME = 'app';
const HOST = 'strata';

/** Where the page begins. */
export const PAGE_ADDRESS = `${SCHEME}://${HOST}/index.html`;

/** Whether the address is one of our page. */
export function isPageAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${SCHEME}:` && url.host === HOST;
}

/** Makes `app:` a scheme with an origin of its own; must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the files of the page below `root`, and nothing else, as `app://strata/…`. */
export function serveAppScheme(root: string): void {
  protocol.handle(SCHEME, (request) => answer(root, request));
}

async function answer(root: string, request: Request): Promise<Response> {
  if (request.method !== 'GET' || !isPageAddress(request.url)) return refuse(403);
  const file = await findPageFile(root, new URL(request.url).pathname);
  if (file === null) return refuse(404);
  return new Response(new Uint8Array(await readFile(file.path)), {
    headers: { ...HEADERS, 'content-type': file.type },
  });
}

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy([]),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

function refuse(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}
