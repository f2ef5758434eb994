import { AppError } from '#shared/errors/app-error.ts';
import { isAbsent } from './network-errors.ts';
import { type ProxyEnvironment, proxyFor, unusableProxy } from './proxy.ts';

/**
 * A failure of the connection to `url` in words that name the proxy where that is to blame: it cannot be reached, wants
 * another sign-in, or refuses the host. Any other error is given back as it is.
 */
export function explainProxy(error: unknown, url: URL, environment: ProxyEnvironment): unknown {
  if (!(error instanceof AppError) || error.code !== 'registry-unreachable') return error;
  const proxy = proxyFor(url, environment);
  if (proxy === null) {
    const unusable = unusableProxy(url, environment);
    if (unusable === null) return error;
    return reworded(error, error.message, `${error.hint} ${unusable}`);
  }
  const status = /Proxy response \((\d+)\)/.exec(error.message)?.[1];
  if (status === '407')
    return reworded(
      error,
      `The proxy ${proxy.host} does not let us through without a sign-in that it accepts.`,
      'Correct the user name and password in HTTPS_PROXY (http://user:password@host:port).',
    );
  if (status !== undefined)
    return reworded(
      error,
      `The proxy ${proxy.host} does not connect to ${url.host} (status ${status}).`,
      `Ask who runs the proxy to allow it, or add ${url.hostname} to NO_PROXY if it can be reached without.`,
    );
  if (!isAbsent(error)) return error;
  const said = error.message.startsWith(url.host)
    ? error.message.slice(url.host.length)
    : ' does not answer.';
  return reworded(
    error,
    `The proxy ${proxy.host}, through which ${url.host} is reached,${said}`,
    `Correct HTTPS_PROXY or HTTP_PROXY, or add ${url.hostname} to NO_PROXY if it can be reached without.`,
  );
}

function reworded(error: AppError, message: string, hint: string): AppError {
  return new AppError(error.code, message, { hint, detail: error.detail, cause: error.cause });
}
