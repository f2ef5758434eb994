import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import type { Download } from '../api/host-context.ts';
import { contentPolicy } from '../platform/content-policy.ts';
import { errnoOf } from '../platform/file-errors.ts';
import { findPageFile, type PageFile } from '../platform/page-file.ts';
import { type Access, cookieName, type Refusal } from './access.ts';
import { answerWords, escapeHtml, SAFE_HEADERS } from './answers.ts';
import type { Downloads } from './downloads.ts';

/** What the web host serves over plain HTTP, and to whom. */
export interface PageSite {
  readonly root: string;
  readonly access: Access;
  readonly downloads: Downloads;
  report(error: unknown): void;
}

const REFUSED: Readonly<Record<Refusal, string>> = {
  host: 'Strata answers only under the name of this machine: localhost or 127.0.0.1.',
  origin: 'Another site asked for this. Open the address that Strata printed.',
  session: 'Open the address that Strata printed when it started; it works once and for one browser.',
};

/** Answers one request: the token exchange, a download, or a file of the page. */
export function handleRequest(site: PageSite, request: IncomingMessage, response: ServerResponse): void {
  answer(site, request, response).catch((error: unknown) => {
    // A browser that goes away in the middle of a file is nothing to tell.
    if (errnoOf(error) === 'ERR_STREAM_PREMATURE_CLOSE') return;
    if (!(error instanceof AppError)) site.report(error);
    if (response.headersSent) response.destroy();
    else answerWords(response, 500, 'That did not work', escapeHtml(toErrorView(error).message));
  });
}

async function answer(site: PageSite, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return answerWords(response, 405, 'Not allowed', 'Only GET is answered here.', {
      headers: { allow: 'GET' },
    });
  }
  if (!site.access.isOwnHost(request)) return answerWords(response, 421, 'Wrong name', REFUSED.host);
  const token = searchParams.get('token');
  if (pathname === '/' && token !== null) return exchangeToken(site, request, response, token);
  const refusal = site.access.refusePage(request);
  if (refusal !== null) return answerWords(response, 403, 'Not signed in', REFUSED[refusal]);
  if (pathname.startsWith('/download/')) {
    const download = request.method === 'GET' ? site.downloads.take(pathname) : null;
    if (download !== null) return sendDownload(response, download);
    return answerWords(
      response,
      404,
      'Gone',
      'This download was fetched already or is too old. Ask for it again.',
    );
  }
  const file = await findPageFile(site.root, pathname);
  if (file === null) return answerWords(response, 404, 'Not found', 'There is no such file here.');
  return sendFile(request, response, file);
}

/**
 * Turns the token into a cookie. The way on is a refresh of our own page and no redirect: after a link from
 * another site a browser would not send a SameSite=Strict cookie along a redirect.
 */
function exchangeToken(
  site: PageSite,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): void {
  if (site.access.refusePage(request) !== null) {
    const session = site.access.redeem(token);
    if (session === null) {
      answerWords(response, 403, 'Not signed in', REFUSED.session);
      return;
    }
    response.setHeader('set-cookie', `${cookieName(request)}=${session}; Path=/; HttpOnly; SameSite=Strict`);
  }
  answerWords(response, 200, 'Strata', 'Opening. <a href="/">Go on</a>.', {
    head: '<meta http-equiv="refresh" content="0;url=/">',
  });
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: PageFile): Promise<void> {
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'content-security-policy': contentPolicy(["'self'", `ws://${request.headers.host}`]),
    'content-type': file.type,
    'content-length': file.size,
    'cache-control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response);
}

async function sendDownload(response: ServerResponse, download: Download): Promise<void> {
  const abort = new AbortController();
  response.on('close', () => abort.abort());
  const content = await download.open(abort.signal);
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'content-security-policy': "default-src 'none'; sandbox",
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(download.name)}`,
    'cache-control': 'no-store',
    ...(download.size === undefined ? {} : { 'content-length': download.size }),
  });
  await pipeline(content, response);
}
