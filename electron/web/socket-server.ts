import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ApiRouter } from '../api/router.ts';
import { typedErrors } from '../api/typed-errors.ts';
import type { Access } from './access.ts';

/** Where the page opens its WebSocket. */
export const SOCKET_PATH = '/rpc';

const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const HEARTBEAT_MS = 30_000;
const MUCH_BYTES = 64 * 1024;

/** Carries the router over WebSockets of pages that have access; the answer ends all of them. */
export function serveSockets(
  server: Server,
  access: Access,
  router: ApiRouter,
  report: (error: unknown) => void,
): () => void {
  const handler = new RPCHandler(router, { clientInterceptors: [typedErrors(report)] });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const alive = new WeakSet<WebSocket>();
  sockets.on('connection', (socket, request) => {
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
    socket.on('error', () => socket.terminate());
    void handler.upgrade(together(socket, request.socket));
  });
  server.on('upgrade', (request, stream, head) => {
    const refusal = request.url === SOCKET_PATH ? access.refuseSocket(request) : 'path';
    if (refusal !== null) refuseUpgrade(stream, refusal === 'path' ? '404 Not Found' : '403 Forbidden');
    else
      sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
  });
  const heartbeat = setInterval(() => checkAlive(sockets, alive), HEARTBEAT_MS);
  heartbeat.unref();
  return () => {
    clearInterval(heartbeat);
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

/**
 * What is sent in one turn of the event loop leaves in one write. While much waits, a send ends when its bytes are with
 * the system, so that a stream waits for a page that reads slowly.
 */
function together(socket: WebSocket, stream: Socket): Pick<WebSocket, 'addEventListener' | 'send'> {
  let isCorked = false;
  const cork = (): void => {
    if (isCorked) return;
    isCorked = true;
    stream.cork();
    setImmediate(() => {
      isCorked = false;
      stream.uncork();
    });
  };
  const send = async (bytes: Parameters<WebSocket['send']>[0]): Promise<void> => {
    cork();
    const written = new Promise<void>((resolve) => socket.send(bytes, () => resolve()));
    if (socket.bufferedAmount > MUCH_BYTES) await written;
  };
  return { addEventListener: socket.addEventListener.bind(socket), send };
}

function checkAlive(sockets: WebSocketServer, alive: WeakSet<WebSocket>): void {
  for (const socket of sockets.clients) {
    if (!alive.delete(socket)) socket.terminate();
    else socket.ping();
  }
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.on('error', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
