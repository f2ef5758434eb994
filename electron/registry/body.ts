import { AppError } from '#shared/errors/app-error.ts';
import { networkError } from './network-errors.ts';
import type { WireResponse } from './transport.ts';

/** How much of an error's body is read. */
const ERROR_LIMIT = 64 * 1024;

/** The whole body, at most `limit` bytes of it; throws `malformed` beyond that. */
export async function readBody(
  response: WireResponse,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limit) {
        throw new AppError(
          'malformed',
          `${response.url.host} sent more than ${limit} bytes where less belongs.`,
          {
            hint: 'Check that the host is a container registry, and choose another tag if it is one.',
            detail: { kind: 'registry', host: response.url.host },
          },
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkError(error, response.url.host, signal);
  }
  return Buffer.concat(chunks, size);
}

/** The beginning of an error's body as text; what cannot be read is left out, since the status says enough. */
export async function readErrorText(response: WireResponse): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= ERROR_LIMIT) break;
    }
  } catch {
    // The connection broke after the status arrived: the error is told without its body.
  }
  return Buffer.concat(chunks, size).subarray(0, ERROR_LIMIT).toString('utf8');
}

/** Reads a body that nobody wants to its end, so that its connection can be used again; closes it if it is long. */
export async function discard(response: WireResponse): Promise<void> {
  await readErrorText(response);
}
