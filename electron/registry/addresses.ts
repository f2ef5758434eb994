import { isIP } from 'node:net';

/** The host of `host[:port]` or `[v6]:port`, without brackets, in lower case. */
export function hostnameOf(authority: string): string {
  const bracket = /^\[([^\]]*)\]/.exec(authority);
  return (bracket?.[1] ?? authority.replace(/:\d+$/, '')).toLowerCase();
}

/** Whether the host is this machine by name or address: `localhost`, `*.localhost`, 127.0.0.0/8, `::1`. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostnameOf(hostname);
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const v4 = toIpv4(host);
  return v4 === undefined ? host === '::1' : v4[0] === 127;
}

/** Whether the host is an address, not a name, in a private, loopback, link-local or unspecified range. */
export function isPrivateAddress(hostname: string): boolean {
  const host = hostnameOf(hostname);
  const v4 = toIpv4(host);
  if (v4 !== undefined) return isPrivateIpv4(v4);
  if (isIP(host) !== 6) return false;
  return host === '::' || host === '::1' || /^f[cd]/.test(host) || /^fe[89ab]/.test(host);
}

function isPrivateIpv4([a, b]: readonly number[]): boolean {
  if (a === undefined || b === undefined) return false;
  if (a === 0 || a === 10 || a === 127) return true;
  if (a === 169 && b === 254) return true;
  if (a === 100 && b >= 64 && b < 128) return true;
  return (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}

/** The four bytes of an IPv4 address, also of one that IPv6 maps (`::ffff:7f00:1`, `::ffff:127.0.0.1`). */
function toIpv4(host: string): readonly number[] | undefined {
  if (isIP(host) === 4) return host.split('.').map(Number);
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(host)?.[1];
  if (dotted !== undefined) return dotted.split('.').map(Number);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped === null) return undefined;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255];
}
