import path from 'node:path';
import { readCurrentContext } from './docker-contexts.ts';
import { type EndpointCandidate, type EndpointTls, parseEndpoint } from './endpoint.ts';

/** What the search for an engine looks at; injected, so that tests need no machine of a certain kind. */
export interface EndpointSearch {
  /** The user's setting; empty or absent: search. */
  readonly host?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly homePath: string;
  readonly platform: NodeJS.Platform;
  /** Numeric user id, null on Windows. */
  readonly uid: number | null;
}

/**
 * Where a Docker engine may listen, best first: the setting, `DOCKER_HOST`, the CLI's context, then the sockets
 * that Docker, rootless Docker, Docker Desktop, OrbStack, Colima, Lima and Rancher Desktop make. Throws
 * `invalid-input` for an address that a person wrote and that is none.
 */
export async function dockerEndpoints(search: EndpointSearch): Promise<EndpointCandidate[]> {
  const { env, host } = search;
  if (host !== undefined && host.trim() !== '') {
    return [{ endpoint: parseEndpoint(host.trim(), envTls(search)), origin: 'setting', explicit: true }];
  }
  if (env.DOCKER_HOST) {
    const endpoint = parseEndpoint(env.DOCKER_HOST, envTls(search));
    return [{ endpoint, origin: 'DOCKER_HOST', explicit: true }];
  }
  const context = await readCurrentContext(env, search.homePath);
  const sockets = wellKnownSockets(search).map((socketPath) => ({
    endpoint: { kind: 'socket' as const, path: socketPath },
    origin: 'default',
    explicit: false,
  }));
  return context === null ? sockets : [context, ...sockets];
}

function wellKnownSockets({ env, homePath, platform, uid }: EndpointSearch): string[] {
  if (platform === 'win32') return ['//./pipe/docker_engine', '//./pipe/dockerDesktopLinuxEngine'];
  const inHome = (...parts: string[]) => path.join(homePath, ...parts);
  const desktop = [
    inHome('.docker', 'run', 'docker.sock'),
    inHome('.docker', 'desktop', 'docker.sock'),
    inHome('.orbstack', 'run', 'docker.sock'),
    inHome('.colima', 'default', 'docker.sock'),
    inHome('.colima', 'docker.sock'),
    inHome('.lima', 'docker', 'sock', 'docker.sock'),
    inHome('.rd', 'docker.sock'),
  ];
  if (platform === 'darwin') return ['/var/run/docker.sock', ...desktop];
  const runtime = env.XDG_RUNTIME_DIR || (uid === null || uid === 0 ? null : `/run/user/${uid}`);
  const rootless = runtime === null ? [] : [path.join(runtime, 'docker.sock')];
  return ['/var/run/docker.sock', ...rootless, ...desktop];
}

/** What `DOCKER_TLS`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` say of tcp endpoints. */
function envTls({ env, homePath }: EndpointSearch): EndpointTls | null {
  const verifies = Boolean(env.DOCKER_TLS_VERIFY);
  if (!verifies && !env.DOCKER_TLS) return null;
  return { folder: env.DOCKER_CERT_PATH || path.join(homePath, '.docker'), skipVerify: !verifies };
}
