import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { errnoOf, isMissing } from '#electron/platform/file-errors.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Authorities and client certificates for the TLS connections to one host. */
export interface Certificates {
  /** The context to connect to `host` (with port) with; undefined: what Node does by itself. */
  contextFor(host: string): Promise<SecureContext | undefined>;
  /** Reads the folders again at the next connection. */
  forget(): void;
}

export interface CertificateOptions {
  /**
   * Folders with one folder per host in them, as Docker and Podman lay them out: `*.crt` are authorities, `x.cert`
   * with `x.key` a client certificate. All that exist are read.
   */
  readonly folders: readonly string[];
  /** More authorities for every host, PEM. */
  readonly authorities?: readonly string[];
  /** A file of the system's authorities, PEM; undefined: found by itself. */
  readonly systemFile?: string;
}

const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The folders that Docker and Podman read, in their order, after Strata's own (`own`, if any). */
export function certificateFolders(home: string, own?: string): readonly string[] {
  return [
    ...(own === undefined ? [] : [own]),
    join(home, '.docker/certs.d'),
    '/etc/docker/certs.d',
    join(home, '.config/containers/certs.d'),
    '/etc/containers/certs.d',
  ];
}

/** Certificates from folders; each host is read once and remembered. */
export function createCertificates(options: CertificateOptions): Certificates {
  const contexts = new Map<string, Promise<SecureContext | undefined>>();
  let system: Promise<readonly string[]> | undefined;
  return {
    contextFor: (host) => {
      const known = contexts.get(host);
      if (known !== undefined) return known;
      system ??= readSystem(options.systemFile);
      const context = makeContext(host, options, system);
      contexts.set(host, context);
      context.catch(() => contexts.delete(host));
      return context;
    },
    forget: () => contexts.clear(),
  };
}

async function makeContext(
  host: string,
  options: CertificateOptions,
  system: Promise<readonly string[]>,
): Promise<SecureContext | undefined> {
  const names = host === 'registry-1.docker.io' ? [host, 'docker.io'] : [host];
  const folders = names.flatMap((name) => options.folders.map((folder) => join(folder, folderName(name))));
  const found = await Promise.all(folders.map(readHostFolder));
  const own = [...(options.authorities ?? []), ...found.flatMap((each) => each.authorities)];
  const client = found.find((each) => each.client !== undefined)?.client;
  const authorities = [...(await system), ...own];
  if (authorities.length === 0 && client === undefined) return undefined;
  try {
    return createSecureContext({
      // A server's own certificate may be trusted, not only the authority that signed it.
      allowPartialTrustChain: own.length > 0,
      ca:
        own.length > 0 && authorities.length === own.length
          ? [...rootCertificates, ...own]
          : [...authorities],
      ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
    });
  } catch (cause) {
    throw new AppError('tls', `A certificate for ${host} cannot be read.`, {
      hint: `Look at the files in ${folders.join(', ')}: they must be PEM.`,
      detail: { kind: 'registry', host },
      cause,
    });
  }
}

/** Windows allows no colon in a name; Docker leaves it out there. */
export function folderName(host: string): string {
  return process.platform === 'win32' ? host.replaceAll(':', '') : host;
}

interface HostFolder {
  readonly authorities: readonly string[];
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
}

async function readHostFolder(folder: string): Promise<HostFolder> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    // One that this user may not look into, as /etc/docker often is, holds nothing for them.
    if (isMissing(error) || errnoOf(error) === 'EACCES') return [];
    throw error;
  });
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const sorted = [...names].sort();
  const authorities = await Promise.all(sorted.filter((name) => name.endsWith('.crt')).map(read));
  const certificate = sorted.find((name) => name.endsWith('.cert'));
  if (certificate === undefined) return { authorities, client: undefined };
  const key = certificate.replace(/cert$/, 'key');
  if (!names.includes(key)) {
    throw new AppError('tls', `The client certificate ${join(folder, certificate)} has no key beside it.`, {
      hint: `Put its key there as ${key}.`,
      detail: { kind: 'path', path: join(folder, certificate) },
    });
  }
  return { authorities, client: { certificate: await read(certificate), key: await read(key) } };
}

async function readSystem(file: string | undefined): Promise<readonly string[]> {
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  const candidates = file === undefined ? [process.env.SSL_CERT_FILE ?? '', ...SYSTEM_FILES] : [file];
  const texts: string[] = [];
  for (const candidate of candidates.filter(Boolean)) {
    const text = await readFile(candidate, 'utf8').catch(() => '');
    if (text === '') continue;
    texts.push(text);
    break;
  }
  if (extra) texts.push(await readFile(extra, 'utf8').catch(() => ''));
  return texts.filter(Boolean);
}
