import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CertificateFiles } from './certificate.ts';

/** A token server as docker-registry trusts it: signs with `key`, whose certificate the registry was given. */
export interface RealTokenServer {
  readonly realm: string;
  /** Requests so far: method and scopes. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface RealTokenServerOptions {
  readonly files: CertificateFiles;
  readonly service: string;
  readonly issuer: string;
  readonly users: Readonly<Record<string, string>>;
  /** Seconds that a token is good for. */
  readonly lifetime?: number;
}

/** Starts a token server on loopback that lets anyone pull and its users do all. */
export async function startTokenServer(options: RealTokenServerOptions): Promise<RealTokenServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const [user = '', password = ''] = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64')
      .toString()
      .split(':');
    const isKnown = user !== '' && options.users[user] === password;
    const scopes = url.searchParams.getAll('scope');
    asked.push(`${request.method} ${scopes.join(' ')}`);
    if (user !== '' && !isKnown) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"errors":[{"code":"UNAUTHORIZED","message":"wrong user name or password"}]}');
      return;
    }
    const lifetime = options.lifetime ?? 300;
    const token = makeToken(
      options,
      scopes.map((scope) => toAccess(scope, isKnown)),
      lifetime,
    );
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ token, expires_in: lifetime }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function toAccess(scope: string, isKnown: boolean): object {
  const [type, name, actions = ''] = scope.split(':');
  return { type, name, actions: isKnown ? actions.split(',') : ['pull'] };
}

/** A JSON web token with the key's fingerprint in the form that docker-registry 2 expects (libtrust). */
function makeToken(
  { files, service, issuer }: RealTokenServerOptions,
  access: readonly object[],
  lifetime: number,
): string {
  const key = createPrivateKey(readFileSync(files.key));
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const fingerprint = base32(createHash('sha256').update(der).digest().subarray(0, 30))
    .match(/.{4}/g)
    ?.join(':');
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'JWT', alg: 'ES256', kid: fingerprint };
  const claims = {
    iss: issuer,
    sub: 'x',
    aud: service,
    exp: now + lifetime,
    nbf: now - 5,
    iat: now,
    jti: String(Math.random()),
    access,
  };
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

function base32(bytes: Uint8Array): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((each) => letters[Number.parseInt(each, 2)]).join('');
}
