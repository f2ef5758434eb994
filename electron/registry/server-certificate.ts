import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { hostnameOf } from './addresses.ts';
import { folderName } from './certificates.ts';
import { normalizeRegistry } from './endpoint.ts';
import { cancelled, networkError } from './network-errors.ts';

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

/** Asks a server for its certificate without trusting or sending it anything. Throws `registry-unreachable`, `tls`. */
export function readServerCertificate(registry: string, signal?: AbortSignal): Promise<ServerCertificate> {
  const host = normalizeRegistry(registry);
  const name = hostnameOf(host);
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? 443);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled(signal.reason));
    const socket = connect({
      host: name,
      port,
      rejectUnauthorized: false,
      ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
    });
    const stop = (): void => void socket.destroy(cancelled(signal?.reason));
    signal?.addEventListener('abort', stop, { once: true });
    socket.setTimeout(TIMEOUT_MS, () =>
      socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', (error) => reject(networkError(error, host, signal)));
    socket.once('close', () => signal?.removeEventListener('abort', stop));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate(true);
      socket.end();
      resolve(describeCertificate(host, certificate));
    });
  });
}

/**
 * Trusts a certificate for one host from the next connection on: writes it into the host's folder below `folder`, one
 * of the folders that certificates are read from.
 */
export async function trustCertificate(folder: string, certificate: ServerCertificate): Promise<void> {
  await writeFileAtomic(join(folder, folderName(certificate.host), 'trusted.crt'), certificate.pem);
}

function describeCertificate(host: string, peer: DetailedPeerCertificate): ServerCertificate {
  const certificate = new X509Certificate(peer.raw);
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
