import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import path from 'node:path';
import type DockerModem from 'docker-modem';
import type { Endpoint, EndpointTls } from './endpoint.ts';

/**
 * dockerode's modem for an endpoint; without `version` it asks unversioned paths. dockerode is loaded here and
 * nowhere else: a machine without an engine never pays for it.
 */
export async function createModem(
  endpoint: Endpoint,
  agent: Agent,
  version: string | undefined,
): Promise<DockerModem> {
  const { default: Docker } = await import('dockerode');
  // Every field is set, as the modem fills the others from the process's environment.
  const options = {
    agent,
    version,
    socketPath: endpoint.kind === 'socket' ? endpoint.path : undefined,
    host: endpoint.kind === 'tcp' ? endpoint.host : endpoint.kind === 'ssh' ? 'docker' : undefined,
    port: endpoint.kind === 'tcp' ? endpoint.port : undefined,
    protocol: endpoint.kind === 'tcp' && endpoint.tls !== null ? ('https' as const) : ('http' as const),
    pathPrefix: '/',
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: undefined,
    headers: { 'User-Agent': 'strata' },
  };
  return new Docker(options as ConstructorParameters<typeof Docker>[0]).modem as DockerModem;
}

/** The connections to an endpoint; destroying it ends them. */
export async function createAgent(endpoint: Endpoint, env: NodeJS.ProcessEnv): Promise<Agent> {
  if (endpoint.kind === 'ssh') return (await import('./ssh-connections.ts')).createSshAgent(endpoint, env);
  if (endpoint.kind === 'tcp' && endpoint.tls !== null) return createTlsAgent(endpoint.tls);
  // A connection that an engine dropped meanwhile would fail the next request: each request has its own.
  return new Agent({ keepAlive: false });
}

async function createTlsAgent({ folder, skipVerify }: EndpointTls): Promise<Agent> {
  const optional = async (name: string) =>
    folder === null ? undefined : await readFile(path.join(folder, name)).catch(() => undefined);
  const [ca, cert, key] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map(optional));
  return new TlsAgent({ keepAlive: false, ca, cert, key, rejectUnauthorized: !skipVerify });
}
