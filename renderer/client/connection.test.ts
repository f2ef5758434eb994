// @vitest-environment node
import type { AddressInfo } from 'node:net';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer, WebSocket as WsSocket } from 'ws';
import { createChannel } from '#renderer/testing/channel.ts';
import { failWith } from '#renderer/testing/fail-with.ts';
import { until } from '#renderer/testing/until.ts';
import { app } from '#shared/contract/app.ts';
import { engines } from '#shared/contract/engines.ts';
import { createConnection } from './connection.ts';
import { isFailed, toErrorView } from './failure.ts';
import { follow } from './follow.ts';
import { openSocket } from './open-link.ts';

const changes = createChannel<{ topic: 'images' }>();

/** The part of the host that these tests ask. */
const router = {
  app: {
    changes: implement(app).changes.handler(({ signal }) => changes.listen(signal)),
  },
  engines: {
    list: implement(engines).list.handler(() => {
      throw failWith({ code: 'engine-unavailable', message: 'Docker is away.', hint: 'Start it.' });
    }),
  },
};

interface Host {
  readonly port: number;
  readonly sockets: Set<WebSocket>;
  stop(): Promise<void>;
}

const hosts: Host[] = [];

async function startHost(port = 0): Promise<Host> {
  const handler = new RPCHandler(router);
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  server.on('connection', (socket) => void handler.upgrade(socket));
  await new Promise((resolve) => server.once('listening', resolve));
  const host: Host = {
    port: (server.address() as AddressInfo).port,
    sockets: server.clients,
    stop: () => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  hosts.push(host);
  return host;
}

const connect = (port: number) =>
  createConnection(
    openSocket(`ws://127.0.0.1:${port}/rpc`),
    () => new Promise((resolve) => setTimeout(resolve, 5)),
  );

beforeAll(() => vi.stubGlobal('WebSocket', WsSocket));
afterAll(() => vi.unstubAllGlobals());
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

test('the typed error of the host reaches the page in words', async () => {
  const { port } = await startHost();
  const connection = connect(port);
  const error: unknown = await connection.client.engines.list().catch((failure: unknown) => failure);
  expect(isFailed(error)).toBe(true);
  expect(toErrorView(error)).toEqual({
    code: 'engine-unavailable',
    message: 'Docker is away.',
    hint: 'Start it.',
  });
  connection.close();
});

test('a stream goes on after the host was away', async () => {
  const first = await startHost();
  const connection = connect(first.port);
  const states: string[] = [];
  connection.onState((state) => states.push(state));
  const stop = new AbortController();
  const seen: string[] = [];
  const starts: boolean[] = [];
  const over = follow((signal) => connection.client.app.changes(undefined, { signal }), {
    signal: stop.signal,
    onStart: (again) => starts.push(again),
    onValue: (change) => seen.push(change.topic),
    wait: () => new Promise((resolve) => setTimeout(resolve, 5)),
  });
  const sendUntil = (count: number) =>
    until(`${count} changes came`, () => {
      changes.send({ topic: 'images' });
      return seen.length >= count;
    });
  await sendUntil(1);
  await first.stop();
  await until('the loss is noticed', () => connection.state() === 'lost');
  const seenBefore = seen.length;
  await startHost(first.port);
  await sendUntil(seenBefore + 1);
  expect(connection.state()).toBe('open');
  expect(starts.slice(0, 2)).toEqual([false, true]);
  expect(states).toContain('lost');
  stop.abort();
  connection.close();
  await over;
});

test('a call made while the host is away waits for it', async () => {
  const first = await startHost();
  await first.stop();
  const connection = connect(first.port);
  const answer = connection.client.engines.list().catch((failure: unknown) => toErrorView(failure).code);
  await until('it was tried in vain', () => connection.state() === 'lost');
  await startHost(first.port);
  expect(await answer).toBe('engine-unavailable');
  connection.close();
});

test('a call that is given up while the host is away ends at once', async () => {
  const first = await startHost();
  await first.stop();
  const connection = connect(first.port);
  const stop = new AbortController();
  const answer = connection.client.engines.list(undefined, { signal: stop.signal });
  stop.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  connection.close();
});
