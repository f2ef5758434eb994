import { X509Certificate } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { isIP, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { isMissing } from '../platform/file-errors.ts';
import { hostnameOf } from './addresses.ts';
import { folderName } from './certificates.ts';
import { normalizeRegistry } from './endpoint.ts';
import { cancelled, networkError } from './network-errors.ts';
import { type ProxyEnvironment, proxyFor } from './proxy.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { explainProxy } from './proxy-words.ts';

/** The certificate that a server shows, for a person to decide on. */
export interface ServerCertificate {
  readonly host: string;
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses that it is for. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256, upper-case hex pairs with colons. */
  readonly fingerprint: string;
  readonly isSelfSigned: boolean;
  /** What to trust: the certificate itself, PEM. */
  readonly pem: string;
}

const TIMEOUT_MS = 15_000;
const TRUSTED = 'trusted.crt';

/** How a server is asked for its certificate. */
export interface CertificateQuestion {
  /** Where proxies are named. */
  readonly environment: ProxyEnvironment;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a server for its certificate without trusting or sending it anything, through the proxy that is named for it.
 * Throws `registry-unreachable`, `tls`.
 */
export async function readServerCertificate(
  registry: string,
  { environment, signal }: CertificateQuestion,
): Promise<ServerCertificate> {
  const host = normalizeRegistry(registry);
  const url = new URL(`https://${host}/`);
  if (signal?.aborted) throw cancelled(signal.reason);
  try {
    const proxy = proxyFor(url, environment);
    const target = `${url.hostname}:${url.port || 443}`;
    const tunnel =
      proxy === null ? undefined : await openTunnel(proxy, target, { timeoutMs: TIMEOUT_MS, signal });
    return describeCertificate(host, await shownCertificate(host, Number(url.port || 443), tunnel, signal));
  } catch (error) {
    throw explainProxy(networkError(error, host, signal), url, environment);
  }
}

/** The certificate that comes in the handshake with a host, DER; over `tunnel` where there is one. */
function shownCertificate(
  host: string,
  port: number,
  tunnel: Socket | undefined,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const name = hostnameOf(host);
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...(tunnel === undefined ? { host: name, port } : { socket: tunnel }),
      rejectUnauthorized: false,
      ...(isIP(name) ? {} : { servername: name }),
    });
    const stop = (): void => void socket.destroy(cancelled(signal?.reason));
    signal?.addEventListener('abort', stop, { once: true });
    socket.setTimeout(TIMEOUT_MS, () =>
      socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', reject);
    socket.once('close', () => signal?.removeEventListener('abort', stop));
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate(true);
      socket.end();
      resolve(raw);
    });
  });
}

/**
 * Trusts a certificate for one host from the next connection on: writes it into the host's folder below `folder`, one
 * of the folders that certificates are read from.
 */
export async function trustCertificate(folder: string, certificate: ServerCertificate): Promise<void> {
  await writeFileAtomic(join(folder, folderName(certificate.host), TRUSTED), certificate.pem);
}

/** The certificates that were trusted that way, by host. On Windows the host lacks its colon. */
export async function trustedCertificates(folder: string): Promise<readonly ServerCertificate[]> {
  const hosts = await readdir(folder).catch((error: unknown): string[] => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found: ServerCertificate[] = [];
  for (const host of hosts.sort()) {
    const pem = await readFile(join(folder, host, TRUSTED)).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (pem !== null) found.push(describeCertificate(host, pem));
  }
  return found;
}

/** Trusts no certificate of a host any more that was trusted that way. */
export async function distrustCertificate(folder: string, host: string): Promise<void> {
  await rm(join(folder, folderName(normalizeRegistry(host)), TRUSTED), { force: true });
}

/** Why a certificate is refused even where it is trusted, in words; null where nothing stands in the way. */
export function certificateObstacle(certificate: ServerCertificate, now: number): string | null {
  if (now > certificate.validTo) return 'It has expired.';
  if (now < certificate.validFrom) return 'It is not valid yet; check the clock of this machine.';
  const name = hostnameOf(certificate.host);
  const own = new X509Certificate(certificate.pem);
  const isForHost = (isIP(name) ? own.checkIP(name) : own.checkHost(name)) !== undefined;
  return isForHost
    ? null
    : `It was issued for another host: ${certificate.names.join(', ') || 'none is named'}.`;
}

function describeCertificate(host: string, source: Buffer): ServerCertificate {
  const certificate = new X509Certificate(source);
  return {
    host,
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    names: (certificate.subjectAltName ?? '').split(', ').filter(Boolean),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    fingerprint: certificate.fingerprint256,
    isSelfSigned: certificate.checkIssued(certificate),
    pem: certificate.toString(),
  };
}
