import type { ContainerSummary } from '#shared/contract/containers.ts';
import type { EngineConnection } from './connection.ts';
import { familiarName } from './image-names.ts';
import { readWire, type WireContainer, wireContainer } from './wire.ts';

/** The containers of the engine, running and stopped. */
export async function listWireContainers(
  connection: EngineConnection,
  signal?: AbortSignal,
): Promise<WireContainer[]> {
  const answer = await connection.client.json({ path: '/containers/json', query: { all: true }, signal });
  return readWire(wireContainer.array(), answer ?? [], 'its containers');
}

/** The name people use for a container. */
export function containerName(container: WireContainer): string {
  return container.Names[0]?.replace(/^\//, '') ?? container.Id.slice(0, 12);
}

/** Whether the engine shows an id where the image's name was: the name points elsewhere now, or is gone. */
export function hasLostItsName(container: WireContainer): boolean {
  return container.Image === '' || /^(sha256:)?[a-f0-9]{12,64}$/.test(container.Image);
}

/**
 * A row of the containers table. `createdFrom` is the image name the container was made with, where the engine
 * no longer shows it; `currentId` the id that name points at now.
 */
export function toContainerSummary(
  engine: string,
  container: WireContainer,
  createdFrom: string | undefined,
  currentId: (imageName: string) => string | null,
): ContainerSummary {
  const wireImage = hasLostItsName(container) ? (createdFrom ?? container.Image) : container.Image;
  const name = /^sha256:/.test(wireImage) ? null : familiarName(wireImage);
  const now = name === null ? null : currentId(name);
  return {
    engine,
    id: container.Id,
    name: containerName(container),
    image: name ?? shortId(wireImage || container.ImageID),
    imageId: container.ImageID,
    command: Array.isArray(container.Command) ? container.Command.join(' ') : (container.Command ?? ''),
    state: toState(container.State),
    status: container.Status || container.State,
    createdAt: container.Created * 1000,
    ports: toPorts(container.Ports),
    outdated: now !== null && now !== container.ImageID,
  };
}

const STATES: Readonly<Record<string, ContainerSummary['state']>> = {
  created: 'created',
  configured: 'created',
  initialized: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  stopping: 'running',
  stopped: 'exited',
  exited: 'exited',
  dead: 'dead',
};

/** The state of a container, Podman's further words included. */
export function toState(state: string): ContainerSummary['state'] {
  return STATES[state.toLowerCase()] ?? 'dead';
}

const ANY_V4 = '0.0.0.0';
const ANY_V6 = '::';

/** Published and exposed ports, by container port; one published on all addresses of both families is shown once. */
export function toPorts(ports: WireContainer['Ports']): ContainerSummary['ports'] {
  const isOnV4 = (port: WireContainer['Ports'][number]) =>
    ports.some(
      (other) =>
        other.IP === ANY_V4 &&
        other.PublicPort === port.PublicPort &&
        other.PrivatePort === port.PrivatePort &&
        other.Type === port.Type,
    );
  return ports
    .filter((port) => !(port.IP === ANY_V6 && isOnV4(port)))
    .map((port) => ({
      host: port.PublicPort ? port.IP || ANY_V4 : null,
      hostPort: port.PublicPort || null,
      containerPort: port.PrivatePort,
      protocol: port.Type || 'tcp',
    }))
    .sort((a, b) => a.containerPort - b.containerPort || (a.hostPort ?? 0) - (b.hostPort ?? 0));
}

function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
