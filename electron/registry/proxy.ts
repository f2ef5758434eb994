import { BlockList, isIP } from 'node:net';
import { hostnameOf, isLoopbackHost } from './addresses.ts';

/** The part of the process's environment that names proxies. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for `url` after HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY (lower case first, as curl and Go
 * do); null for a direct connection. This machine is never reached through a proxy.
 */
export function proxyFor(url: URL, environment: ProxyEnvironment): URL | null {
  const text = namedProxy(url, environment);
  return text === null ? null : readProxy(text);
}

/** The words for a proxy that is named for `url` and cannot be used, so that it is not asked; null where there is none. */
export function unusableProxy(url: URL, environment: ProxyEnvironment): string | null {
  const text = namedProxy(url, environment);
  if (text === null || readProxy(text) !== null) return null;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  return scheme === undefined
    ? 'What the environment names as its proxy is no address, so it was not used.'
    : `The environment names a ${scheme} proxy; only http and https ones can be used, so it was not.`;
}

function namedProxy(url: URL, environment: ProxyEnvironment): string | null {
  const read = (name: string): string | undefined =>
    environment[name.toLowerCase()]?.trim() || environment[name]?.trim() || undefined;
  const text = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? read('ALL_PROXY');
  if (text === undefined || isLoopbackHost(url.hostname)) return null;
  return isExcluded(url, read('NO_PROXY') ?? '') ? null : text;
}

function readProxy(text: string): URL | null {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const proxy = URL.canParse(full) ? new URL(full) : null;
  return proxy !== null && /^https?:$/.test(proxy.protocol) ? proxy : null;
}

/** NO_PROXY: `*`, `host`, `.domain`, `*.domain`, any with a port, an address, or a range such as `10.0.0.0/8`, `fd00::/8`. */
function isExcluded(url: URL, list: string): boolean {
  const host = hostnameOf(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInRange(host, entry);
  if (isIP(entry) !== 0) return isInRange(host, `${entry}/${isIP(entry) === 4 ? 32 : 128}`);
  const entryPort = /^(?:[^:]*|\[.*\]):(\d+)$/.exec(entry)?.[1];
  if (entryPort !== undefined && entryPort !== port) return false;
  const name = hostnameOf(entry).replace(/^\*?\./, '');
  const isSuffixOnly = /^\*?\./.test(entry);
  return (!isSuffixOnly && host === name) || host.endsWith(`.${name}`);
}

/** Whether a host is an address of a range; what is no range holds none. */
function isInRange(host: string, range: string): boolean {
  const [, base = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(range) ?? [];
  const family = isIP(base);
  if (family === 0 || isIP(host) !== family || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const name = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, Number(bits), name);
  return list.check(host, name);
}
