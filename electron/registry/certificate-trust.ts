import { AppError } from '#shared/errors/app-error.ts';
import type { RegistryClient } from './client.ts';
import { normalizeRegistry } from './endpoint.ts';
import type { ProxyEnvironment } from './proxy.ts';
import {
  certificateObstacle,
  distrustCertificate,
  readServerCertificate,
  type ServerCertificate,
  trustCertificate,
  trustedCertificates,
} from './server-certificate.ts';

/** A certificate as a person decides on it; `obstacle` says why trusting it would not be enough. */
export type ShownCertificate = Omit<ServerCertificate, 'pem'> & { readonly obstacle: string | null };

/** Which certificates this user trusts by a decision of their own. */
export interface CertificateTrust {
  /** What a server shows, trusted or not. Throws `registry-unreachable`, `tls` where it speaks no TLS. */
  read(host: string, signal?: AbortSignal): Promise<ShownCertificate>;
  /** Trusts it for its host from now on. Throws `conflict` where the server shows another one by now. */
  trust(host: string, fingerprint: string, signal?: AbortSignal): Promise<void>;
  list(): Promise<readonly ServerCertificate[]>;
  distrust(host: string): Promise<void>;
}

/**
 * Keeps trusted certificates in `folder`, one of those that `client` reads certificates from. Servers are asked through
 * the proxies that `environment` names.
 */
export function createCertificateTrust(
  folder: string,
  client: RegistryClient,
  environment: ProxyEnvironment,
): CertificateTrust {
  return {
    read: async (host, signal) => {
      const certificate = await readServerCertificate(host, { environment, signal });
      const { pem: _, ...shown } = certificate;
      return { ...shown, obstacle: certificateObstacle(certificate, Date.now()) };
    },
    trust: async (host, fingerprint, signal) => {
      const certificate = await readServerCertificate(host, { environment, signal });
      if (certificate.fingerprint !== fingerprint)
        throw new AppError(
          'conflict',
          `${certificate.host} shows another certificate now than a moment ago.`,
          {
            hint: 'Look at it again. Two servers may answer in turn, or someone stands between you and the registry.',
            detail: { kind: 'registry', host: certificate.host },
          },
        );
      await trustCertificate(folder, certificate);
      client.forget(certificate.host);
    },
    list: () => trustedCertificates(folder),
    distrust: async (host) => {
      await distrustCertificate(folder, host);
      client.forget(normalizeRegistry(host));
    },
  };
}
