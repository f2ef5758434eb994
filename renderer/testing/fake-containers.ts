import type { StrataClient } from '#renderer/client/client.ts';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import { createChannel } from './channel.ts';
import { failWith } from './fail-with.ts';

/** A container as an invented Docker lists it. */
export function fakeContainer(name: string, more: Partial<ContainerSummary> = {}): ContainerSummary {
  return {
    engine: 'docker',
    id: name.padEnd(12, '0'),
    name,
    image: 'acme/web:1.4.2',
    imageId: 'sha256:51ab',
    command: 'node dist/server.js',
    state: 'running',
    status: 'Up 3 hours',
    createdAt: Date.now() - 3 * 3_600_000,
    ports: [],
    outdated: false,
    ...more,
  };
}

/** Containers in different states. */
export function sampleContainers(): ContainerSummary[] {
  const port = (hostPort: number | null, containerPort: number) => ({
    host: hostPort === null ? null : '0.0.0.0',
    hostPort,
    containerPort,
    protocol: 'tcp',
  });
  return [
    fakeContainer('web-1', { ports: [port(8080, 8080), port(null, 9229)] }),
    fakeContainer('api-2', {
      image: 'acme/api:2.0',
      outdated: true,
      ports: [port(3000, 3000)],
      status: 'Up 2 days',
    }),
    fakeContainer('cache', {
      image: 'redis:7-alpine',
      ports: [port(null, 6379)],
      status: 'Up 2 days (healthy)',
    }),
    fakeContainer('migrate', { image: 'acme/api:2.0', state: 'exited', status: 'Exited (0) 2 days ago' }),
    fakeContainer('crashed_worker', {
      image: 'acme/worker:0.9.0',
      state: 'exited',
      status: 'Exited (137) 5 minutes ago',
    }),
    fakeContainer('fresh', { image: 'debian:12', state: 'created', status: 'Created' }),
  ];
}

/** Makes the containers of an invented Docker. */
export function createFakeContainers(
  items: ContainerSummary[],
  onChange: () => void,
): StrataClient['containers'] {
  const replace = (id: string, patch: Partial<ContainerSummary>): Record<string, never> => {
    const index = items.findIndex((item) => item.id === id);
    const item = items[index];
    if (item === undefined) throw failWith({ code: 'not-found', message: 'There is no such container.' });
    items[index] = { ...item, ...patch };
    onChange();
    return {};
  };
  return {
    list: async ({ engine }) => items.filter((item) => item.engine === engine),
    start: async ({ id }) => replace(id, { state: 'running', status: 'Up 1 second' }),
    stop: async ({ id }) => replace(id, { state: 'exited', status: 'Exited (0) 1 second ago' }),
    restart: async ({ id }) => replace(id, { state: 'running', status: 'Up 1 second' }),
    remove: async ({ id }) => {
      items.splice(
        items.findIndex((item) => item.id === id),
        1,
      );
      onChange();
      return {};
    },
    logs: async ({ id }, call) => {
      const log = createChannel<{ stream: 'stdout' | 'stderr'; text: string }>();
      const stream = log.listen(call?.signal);
      for (let line = 1; line <= 300; line++) log.send({ stream: 'stdout', text: logLine(line) });
      const isRunning = items.find((item) => item.id === id)?.state === 'running';
      if (!isRunning) log.end();
      return stream;
    },
  };
}

function logLine(line: number): string {
  const time = new Date(Date.UTC(2026, 10, 21, 9, 0, line)).toISOString();
  if (line % 37 === 0)
    return `${time} \u001b[31mERROR\u001b[0m upstream timed out after 3000 ms (attempt ${line % 5})\n`;
  if (line % 11 === 0) return `${time} \u001b[33mWARN\u001b[0m  slow query: 412 ms\n`;
  return `${time} \u001b[32mINFO\u001b[0m  GET /products/${line} \u001b[2m200 ${line % 40} ms\u001b[0m\n`;
}
