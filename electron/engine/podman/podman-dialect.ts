import path from 'node:path';
import { isInstalled } from '../docker/docker-dialect.ts';
import type { EndpointSearch } from '../docker/docker-endpoints.ts';
import { type EndpointCandidate, parseEndpoint } from '../docker/endpoint.ts';
import type { Absence, EngineDialect } from '../docker/engine-dialect.ts';

/** Podman through its service (`podman system service`), which speaks Docker's API. */
export function createPodmanDialect(search: EndpointSearch): EngineDialect {
  return {
    id: 'podman',
    name: 'Podman',
    endpoints: async () => podmanEndpoints(search),
    recognises: (version) => version.components.includes('Podman Engine'),
    hasBuildKit: () => false,
    explain: (absence) => explainPodman(absence, search),
  };
}

/**
 * Where a Podman service may listen, best first: an address given, `CONTAINER_HOST`, the user's own service, the
 * machine's, the sockets of podman machine and of Docker's name for it. Throws `invalid-input`.
 */
export function podmanEndpoints({ host, env, homePath, platform, uid }: EndpointSearch): EndpointCandidate[] {
  if (host !== undefined && host.trim() !== '') {
    return [{ endpoint: parseEndpoint(host.trim()), origin: 'setting', explicit: true }];
  }
  if (env.CONTAINER_HOST) {
    return [{ endpoint: parseEndpoint(env.CONTAINER_HOST), origin: 'CONTAINER_HOST', explicit: true }];
  }
  const sockets = wellKnownSockets({ env, homePath, platform, uid });
  return sockets.map((socketPath) => ({
    endpoint: { kind: 'socket', path: socketPath },
    origin: 'default',
    explicit: false,
  }));
}

function wellKnownSockets({ env, homePath, platform, uid }: Omit<EndpointSearch, 'host'>): string[] {
  if (platform === 'win32') return ['//./pipe/podman-machine-default', '//./pipe/docker_engine'];
  const machines = path.join(homePath, '.local', 'share', 'containers', 'podman', 'machine');
  const machine = [
    path.join(machines, 'podman.sock'),
    path.join(machines, 'qemu', 'podman.sock'),
    path.join(machines, 'podman-machine-default', 'podman.sock'),
  ];
  if (platform === 'darwin') {
    const temporary = env.TMPDIR ?? '/tmp';
    return [path.join(temporary, 'podman', 'podman-machine-default-api.sock'), ...machine];
  }
  const runtime = env.XDG_RUNTIME_DIR || (uid === null || uid === 0 ? null : `/run/user/${uid}`);
  const own = runtime === null ? [] : [path.join(runtime, 'podman', 'podman.sock')];
  return [...own, '/run/podman/podman.sock', '/var/run/docker.sock', ...machine];
}

async function explainPodman(
  absence: Absence,
  { env, platform }: EndpointSearch,
): Promise<{ detail: string; hint: string }> {
  const start =
    platform === 'linux'
      ? 'Start it with "systemctl --user start podman.socket".'
      : 'Start it with "podman machine start".';
  switch (absence.kind) {
    case 'no-permission':
      return { detail: `Podman is there, but you may not use its socket ${absence.address}.`, hint: start };
    case 'too-new':
      return {
        detail: `Podman at ${absence.address} speaks only API ${absence.minApiVersion} and newer.`,
        hint: 'Update Strata.',
      };
    case 'unreachable':
      return {
        detail: `Podman does not answer at ${absence.address} (from ${absence.origin}): ${absence.why}.`,
        hint: 'Check the address and that "podman system service" runs there.',
      };
    case 'not-running':
      return { detail: "Podman's service is not running.", hint: start };
    case 'not-found':
      return (await isInstalled('podman', env, platform))
        ? { detail: 'Podman is installed, but its service is not running.', hint: start }
        : {
            detail: 'Podman is not installed.',
            hint: 'Strata builds without it. Install Podman to see its images and containers here.',
          };
  }
}
