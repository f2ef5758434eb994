import { AppError } from '#shared/errors/app-error.ts';
import type { ContainerControl } from '../engine.ts';
import type { Connector, EngineConnection } from './connection.ts';
import {
  containerName,
  hasLostItsName,
  listWireContainers,
  toContainerSummary,
} from './container-mapping.ts';
import { cancelled } from './docker-client.ts';
import { brokenOff } from './docker-errors.ts';
import { familiarNames } from './image-names.ts';
import { createLogDemux, createRawLog, type LogChunk } from './log-demux.ts';
import { readWire, type WireContainer, wireContainerInspect, wireImage } from './wire.ts';

/** The containers of an engine that speaks Docker's API. */
export function createContainerControl(engine: string, connector: Connector): ContainerControl {
  // The image name a container was made with never changes, so it is asked for once.
  const createdFrom = new Map<string, string>();

  const learnNames = async (
    connection: EngineConnection,
    containers: readonly WireContainer[],
    signal?: AbortSignal,
  ) => {
    const present = new Set(containers.map(({ Id }) => Id));
    for (const id of createdFrom.keys()) if (!present.has(id)) createdFrom.delete(id);
    for (const container of containers) {
      if (!hasLostItsName(container) || createdFrom.has(container.Id)) continue;
      const name = await readCreatedFrom(connection, container.Id, signal);
      if (name !== null) createdFrom.set(container.Id, name);
    }
  };

  const act = (id: string, action: 'start' | 'stop' | 'restart') =>
    connector.use(async ({ client }) => {
      // 304 (it already is) counts as done.
      await client.json({ method: 'POST', path: `/containers/${encodeURIComponent(id)}/${action}` });
    });

  return {
    list: (signal) =>
      connector.use(async (connection) => {
        const [containers, ids] = await Promise.all([
          listWireContainers(connection, signal),
          readImageIds(connection, signal),
        ]);
        await learnNames(connection, containers, signal);
        const currentId = (name: string) => ids.get(name) ?? ids.get(`${name}:latest`) ?? null;
        return containers.map((container) =>
          toContainerSummary(engine, container, createdFrom.get(container.Id), currentId),
        );
      }, signal),
    start: (id) => act(id, 'start'),
    stop: (id) => act(id, 'stop'),
    restart: (id) => act(id, 'restart'),
    remove: (id, { force }) => connector.use((connection) => removeContainer(connection, id, force)),
    logs: (id, options) => followLogs(engine, connector, id, options),
  };
}

async function readCreatedFrom(
  connection: EngineConnection,
  id: string,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    const answer = await connection.client.json({ path: `/containers/${id}/json`, signal });
    return readWire(wireContainerInspect, answer, 'a container').Config?.Image ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null;
    throw error;
  }
}

async function readImageIds(
  connection: EngineConnection,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const answer = await connection.client.json({ path: '/images/json', signal });
  const images = readWire(wireImage.array(), answer ?? [], 'its images');
  return new Map(images.flatMap((image) => familiarNames(image).map((name) => [name, image.Id] as const)));
}

async function removeContainer(connection: EngineConnection, id: string, force: boolean): Promise<void> {
  const path = `/containers/${encodeURIComponent(id)}`;
  // Podman removes a stopped container in a state Docker knows; both refuse a running one without force.
  try {
    await connection.client.json({ method: 'DELETE', path, query: { force } });
  } catch (error) {
    if (!(error instanceof AppError) || !isStillRunning(error)) throw error;
    const name = await nameOf(connection, id);
    throw new AppError('conflict', `The container ${name} is running.`, {
      hint: 'Stop it first, or remove it with force.',
      detail: { kind: 'engine', engine: name },
      cause: error,
    });
  }
}

function isStillRunning(error: AppError): boolean {
  return (error.code === 'conflict' || error.code === 'internal') && /running|force/i.test(error.message);
}

async function nameOf(connection: EngineConnection, id: string): Promise<string> {
  const container = (await listWireContainers(connection)).find(({ Id }) => Id.startsWith(id));
  return container === undefined ? id.slice(0, 12) : containerName(container);
}

async function* followLogs(
  engine: string,
  connector: Connector,
  id: string,
  { tail, signal }: { tail: number; signal: AbortSignal },
): AsyncGenerator<LogChunk> {
  const connection = await connector.connect(signal);
  const path = `/containers/${encodeURIComponent(id)}`;
  const answer = await connection.client.json({ path: `${path}/json`, signal });
  const hasTerminal = readWire(wireContainerInspect, answer, 'a container').Config?.Tty === true;
  const response = await connection.client.stream({
    path: `${path}/logs`,
    query: { stdout: true, stderr: true, follow: true, tail },
    signal,
  });
  const reader = hasTerminal ? createRawLog() : createLogDemux();
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) yield* reader.push(bytes);
    yield* reader.end();
  } catch (error) {
    throw signal.aborted ? cancelled(signal) : brokenOff(error, engine);
  } finally {
    response.destroy();
  }
}
