import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { basicAuthorization } from '../platform/url-credentials.ts';

/**
 * A connection to `target` (`host:port`) that a proxy makes and passes on (CONNECT, RFC 9110). Fails with what the
 * system says of the proxy, or with the proxy's refusal in the words that `explainProxy` knows.
 */
export function openTunnel(
  proxy: URL,
  target: string,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Socket> {
  const { signal, timeoutMs } = options;
  const authorization = basicAuthorization(proxy);
  const open = proxy.protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = open({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? undefined : Number(proxy.port),
      path: target,
      headers: {
        host: target,
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
      agent: false,
      timeout: timeoutMs,
      signal,
    });
    request.once('timeout', () =>
      request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    request.once('error', reject);
    const refuse = (status: number | undefined): void => {
      reject(new Error(`Proxy response (${status}) when tunneling to ${target}`));
      request.destroy();
    };
    request.once('response', ({ statusCode }) => refuse(statusCode));
    request.once('connect', ({ statusCode }, socket: Socket, head) => {
      socket.setTimeout(0);
      if (statusCode !== 200) {
        socket.destroy();
        return refuse(statusCode);
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}
