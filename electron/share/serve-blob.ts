import { pipeline } from 'node:stream/promises';
import { isDigest } from '#shared/oci/digest.ts';
import { readRange } from './byte-range.ts';
import { answer, type ShareCall } from './share-request.ts';
import { SpecError } from './spec-error.ts';

/**
 * `GET` and `HEAD /v2/<name>/blobs/<digest>`: any blob of the store, since what is in it belongs to its user, whatever
 * the repository. A part is given where one is asked for.
 */
export async function serveBlob(call: ShareCall, digest: string): Promise<void> {
  const { site, request, response } = call;
  if (!isDigest(digest)) throw new SpecError(400, 'DIGEST_INVALID', `${digest} is not a digest.`);
  // A client that finds a blob here does not send it, so it must stay until its manifest comes.
  if (!site.readOnly) await site.uploads.keepAlive();
  await site.store.content.touch(digest);
  const size = await site.store.content.size(digest);
  if (size === null) throw new SpecError(404, 'BLOB_UNKNOWN', `${digest} is not in the store.`);
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    'cache-control': 'max-age=31536000',
    etag: `"${digest}"`,
  };
  if (request.headers['if-none-match'] === headers.etag) return answer(call, 304, headers);
  const isOther = (request.headers['if-range'] ?? headers.etag) !== headers.etag;
  // A range means something for GET alone (RFC 9110, 14.2).
  const part = isOther || request.method === 'HEAD' ? null : readRange(request.headers.range, size);
  if (part === 'unsatisfiable')
    throw new SpecError(416, 'SIZE_INVALID', `${digest} has ${size} bytes.`, {
      'content-range': `bytes */${size}`,
    });
  const { start, end } = part ?? { start: 0, end: size };
  const range = part === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` };
  response.writeHead(part === null ? 200 : 206, { ...headers, ...range, 'content-length': end - start });
  if (request.method === 'HEAD') response.end();
  else await pipeline(site.store.content.open(digest, { start, end }), response);
}
