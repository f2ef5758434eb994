import type { IncomingMessage, ServerResponse } from 'node:http';
import { errnoOf } from '../platform/file-errors.ts';
import { beginUpload, continueUpload } from './receive-blob.ts';
import { receiveManifest } from './receive-manifest.ts';
import { type Route, readRoute } from './route.ts';
import { serveBlob } from './serve-blob.ts';
import { serveCatalog, serveReferrers, serveTags } from './serve-lists.ts';
import { deleteTag, serveManifest } from './serve-manifest.ts';
import { requireOwnCaller } from './share-access.ts';
import { sharedName } from './share-names.ts';
import { answer, answerJson, type ShareCall, type ShareSite } from './share-request.ts';
import { errorBody, SpecError, toSpecError } from './spec-error.ts';

const VERSION = 'docker-distribution-api-version';
const READING = ['GET', 'HEAD'];

/** Answers one request of the distribution API. Never throws; what nobody expected goes to `report`. */
export async function handleRequest(
  site: ShareSite,
  request: IncomingMessage,
  response: ServerResponse,
  report: (error: unknown) => void,
): Promise<void> {
  response.setHeader(VERSION, 'registry/2.0');
  response.setHeader('x-content-type-options', 'nosniff');
  const url = addressOf(request.url ?? '/');
  const call: ShareCall = { site, request, response, query: url.searchParams };
  try {
    requireOwnCaller(request);
    const route = readRoute(decodePath(url.pathname));
    if (route === null) throw new SpecError(404, 'UNSUPPORTED', 'The distribution API has no such address.');
    if ('repository' in route) sharedName(route.repository);
    await dispatch(call, route);
  } catch (error) {
    refuse(call, error, report);
  }
}

function addressOf(text: string): URL {
  return new URL(URL.canParse(text, 'http://localhost') ? text : '/', 'http://localhost');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function dispatch(call: ShareCall, route: Route): Promise<void> {
  const { method = 'GET' } = call.request;
  const isReading = READING.includes(method);
  switch (route.kind) {
    case 'base':
      return isReading ? answerJson(call, {}) : refuseMethod(method);
    case 'catalog':
      return isReading ? serveCatalog(call) : refuseMethod(method);
    case 'tags':
      return isReading ? serveTags(call, route.repository) : refuseMethod(method);
    case 'referrers':
      return isReading ? serveReferrers(call, route.digest) : refuseMethod(method);
    case 'blob':
      return isReading ? serveBlob(call, route.digest) : refuseMethod(method);
    case 'uploads':
      return method === 'POST' ? beginUpload(call, route.repository) : refuseMethod(method);
    case 'upload':
      return continueUpload(call, route.repository, route.id);
    case 'manifest':
      if (isReading) return serveManifest(call, route.repository, route.selector);
      if (method === 'PUT') return receiveManifest(call, route.repository, route.selector);
      return method === 'DELETE' ? deleteTag(call, route.repository, route.selector) : refuseMethod(method);
  }
}

function refuseMethod(method: string): never {
  throw new SpecError(405, 'UNSUPPORTED', `${method} is not offered at this address.`);
}

function refuse(call: ShareCall, error: unknown, report: (error: unknown) => void): void {
  const { request, response } = call;
  // A client that goes away in the middle is nothing to tell.
  if (request.destroyed && !request.complete) return void response.destroy();
  if (errnoOf(error) === 'ERR_STREAM_PREMATURE_CLOSE') return;
  const known = toSpecError(error);
  if (known === null) report(error);
  if (response.headersSent) return void response.destroy();
  const refusal =
    known ?? new SpecError(500, 'UNKNOWN', 'Something went wrong inside Strata; its log tells more.');
  // A client reads the answer only after it has sent its body.
  request.resume();
  const headers = { 'content-type': 'application/json', ...refusal.headers };
  answer(call, refusal.status, headers, errorBody(refusal));
}
