import type { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { basicAuthorization } from '../../platform/url-credentials.ts';
import { certificateFolders, createCertificates } from '../../registry/certificates.ts';
import { createTransport, type Transport } from '../../registry/transport.ts';

export interface UrlAnswer {
  readonly status: number;
  /** Must be read or destroyed. */
  readonly body: Readable;
  /** The name in lower case. */
  header(name: string): string | undefined;
}

const MAX_REDIRECTS = 10;
let shared: Transport | null = null;

/**
 * Asks for a file over http(s) with the system's authorities and proxies, redirects followed; credentials never go
 * along to another host. Throws `registry-unreachable`, `tls`, `cancelled`.
 */
export async function fetchUrl(
  start: URL,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<UrlAnswer> {
  const transport = openTransport();
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const headers = url.host === start.host ? { ...signIn(url), ...options.headers } : {};
    const answer = await send(transport, url, headers, options.signal);
    const location = answer.header('location');
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    answer.body.resume();
    if (!URL.canParse(location, url.href)) break;
    url = new URL(location, url.href);
    if (!/^https?:$/.test(url.protocol)) break;
  }
  throw new AppError(
    'registry-unreachable',
    `${start.href} leads nowhere: its redirects do not end at a file.`,
    {
      hint: 'Look at the address in a browser, and write the one it ends at.',
    },
  );
}

/** One request; what goes wrong below HTTP is told for a file, not for a registry. */
async function send(
  transport: Transport,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<UrlAnswer> {
  try {
    return await transport.send({ method: 'GET', url, headers, signal });
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
    throw new AppError(error.code, `${url.href} could not be fetched: ${error.message}`, {
      hint:
        error.code === 'tls'
          ? error.hint
          : 'Check the address, the network connection and the proxy settings.',
      cause: error,
    });
  }
}

function signIn(url: URL): Record<string, string> {
  const authorization = basicAuthorization(url);
  return authorization === undefined ? {} : { authorization };
}

/** Connections are kept for all builds of this process. */
function openTransport(): Transport {
  shared ??= createTransport({
    certificates: createCertificates({ folders: certificateFolders(process.env.HOME ?? '') }),
    isUnverifiedAllowed: () => false,
    environment: process.env,
    userAgent: 'strata',
  });
  return shared;
}
