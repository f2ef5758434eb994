import type { FakeAnswer, FakeHandler, FakeRequest } from './fake-internet.ts';

export interface TokenServerOptions {
  /** User names with passwords. */
  readonly users?: Readonly<Record<string, string>>;
  readonly refreshTokens?: readonly string[];
  readonly anonymous?: boolean;
  /** Status that GET or POST is answered with instead. */
  readonly getStatus?: number;
  readonly postStatus?: number;
  /** Only the first `scope` parameter is read. */
  readonly firstScopeOnly?: boolean;
  /** Name of the field that carries the token. */
  readonly field?: 'token' | 'access_token';
  readonly expiresIn?: number;
}

/** A token server: its tokens say in clear what they allow and may be used this many times. */
export function createTokenServer(options: TokenServerOptions = {}): FakeHandler {
  return (request) => {
    const isPost = request.method === 'POST';
    const forced = isPost ? options.postStatus : options.getStatus;
    if (forced !== undefined) return { status: forced, body: 'not here' };
    const form = new URLSearchParams(isPost ? request.body.toString() : '');
    const user = isPost ? fromForm(form, options) : fromBasic(request, options);
    if (user === null)
      return { status: 401, body: JSON.stringify({ details: 'incorrect username or password' }) };
    const asked = isPost ? (form.get('scope') ?? '').split(' ') : request.query.getAll('scope');
    const scopes = options.firstScopeOnly ? asked.slice(0, 1) : asked;
    const token = Buffer.from(JSON.stringify({ user, scopes })).toString('base64url');
    const body = { [options.field ?? 'token']: token, expires_in: options.expiresIn };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  };
}

/** Lets a request pass whose bearer token allows what it does; else the challenge. */
export function requireToken(
  request: FakeRequest,
  challenge: { readonly realm: string; readonly service: string },
): FakeAnswer | undefined {
  const [, repository = ''] = /^\/v2\/(.+?)\/(?:manifests|blobs|tags)\//.exec(request.path) ?? [];
  const isWriting = !['GET', 'HEAD'].includes(request.method);
  const scope = repository === '' ? '' : `repository:${repository}:${isWriting ? 'pull,push' : 'pull'}`;
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined && allows(token, repository, isWriting)) return undefined;
  const scopePart = scope === '' ? '' : `,scope="${scope}"`;
  const error = token === undefined ? '' : ',error="insufficient_scope"';
  return {
    status: 401,
    headers: {
      'www-authenticate': `Bearer realm="${challenge.realm}",service="${challenge.service}"${scopePart}${error}`,
    },
    body: JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }),
  };
}

function allows(token: string, repository: string, isWriting: boolean): boolean {
  const { scopes } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { scopes: string[] };
  if (repository === '') return true;
  return scopes.some((scope) => {
    const actions = scope.startsWith(`repository:${repository}:`) ? scope.split(':').at(-1)?.split(',') : [];
    return actions?.includes(isWriting ? 'push' : 'pull');
  });
}

function fromBasic({ headers }: FakeRequest, options: TokenServerOptions): string | null {
  const basic = /^Basic (\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return options.anonymous ? '' : null;
  const [user = '', password = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return options.users?.[user] === password ? user : null;
}

function fromForm(form: URLSearchParams, options: TokenServerOptions): string | null {
  if (form.get('grant_type') === 'refresh_token')
    return options.refreshTokens?.includes(form.get('refresh_token') ?? '') ? 'refreshed' : null;
  const user = form.get('username') ?? '';
  return options.users?.[user] === form.get('password') ? user : null;
}
