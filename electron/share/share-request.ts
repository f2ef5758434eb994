import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ShareUse } from '#shared/contract/share.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { Store } from '../store/store.ts';
import { SpecError } from './spec-error.ts';
import type { UploadSessions } from './upload-sessions.ts';

/** What a share serves, and how. */
export interface ShareSite {
  readonly store: Store;
  readonly uploads: UploadSessions;
  /** Nothing is taken, only given. */
  readonly readOnly: boolean;
  /** Whether the tags of the name's repository may not be moved, as Settings says. */
  isImmutable(name: Reference): Promise<boolean>;
  /** Told of every image that a tool got, gave or untagged. */
  onUse(use: ShareUse): void;
}

/** One request on its way. */
export interface ShareCall {
  readonly site: ShareSite;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

/** Ends a call with a status and, but for HEAD, a body. */
export function answer(
  { request, response }: ShareCall,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  body?: Uint8Array | string,
): void {
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  response.writeHead(
    status,
    status === 204 || status === 304 ? headers : { 'content-length': length, ...headers },
  );
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Ends a call with JSON. */
export function answerJson(
  call: ShareCall,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  answer(call, 200, { 'content-type': 'application/json', ...headers }, JSON.stringify(value));
}

/** The body of a request. Who stops early leaves the connection open, so that the refusal still arrives. */
export function bodyOf({ request }: ShareCall): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false });
}

/** Tells that a tool did something with an image. */
export function tellUse(
  { site, request }: ShareCall,
  act: ShareUse['act'],
  image: Pick<ShareUse, 'repository' | 'selector' | 'digest'>,
): void {
  // The first word of what a tool calls itself is its name and version; the rest is its platform.
  const client = /^[\w./+-]{1,60}/.exec(request.headers['user-agent'] ?? '')?.[0] ?? '';
  site.onUse({ at: Date.now(), act, client, ...image });
}

/** Throws `DENIED` where this endpoint takes nothing. */
export function requireWritable({ site }: ShareCall): void {
  if (site.readOnly)
    throw new SpecError(403, 'DENIED', 'This share of Strata is read-only: it gives images and takes none.');
}
