import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether certificates can be made here. */
export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A private authority in `folder` that signs certificates for the tests. */
export interface TestAuthority {
  readonly certificate: string;
  /** The authority's certificate, PEM. */
  readonly pem: string;
  /** Signs a certificate; `names` as OpenSSL writes them: `DNS:ghcr.io`, `IP:127.0.0.1`. Below 0 `days` it has expired. */
  sign(name: string, names: readonly string[], days?: number): CertificateFiles;
}

/** Makes an authority by openssl. */
export function makeAuthority(folder: string): TestAuthority {
  const at = (name: string): string => join(folder, name);
  const run = (...argv: string[]): void => {
    execFileSync('openssl', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const newKey = (path: string): void =>
    run('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path);
  newKey(at('authority.key'));
  run(
    'req',
    '-x509',
    '-new',
    '-key',
    at('authority.key'),
    '-subj',
    '/CN=Strata test authority',
    '-days',
    '2',
    '-out',
    at('authority.crt'),
  );
  return {
    certificate: at('authority.crt'),
    pem: readFileSync(at('authority.crt'), 'utf8'),
    sign: (name, names, days = 2) => {
      const [key, request, extensions, certificate] = ['key', 'csr', 'ext', 'crt'].map((end) =>
        at(`${name}.${end}`),
      );
      if (!key || !request || !extensions || !certificate) throw new Error('no paths');
      newKey(key);
      run('req', '-new', '-key', key, '-subj', `/CN=${name}`, '-out', request);
      writeFileSync(
        extensions,
        `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\n`,
      );
      const authority = ['-CA', at('authority.crt'), '-CAkey', at('authority.key'), '-CAcreateserial'];
      run(
        'x509',
        '-req',
        '-in',
        request,
        ...authority,
        '-days',
        String(days),
        '-extfile',
        extensions,
        '-out',
        certificate,
      );
      return { certificate, key };
    },
  };
}
