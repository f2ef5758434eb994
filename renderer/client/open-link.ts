import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { OpenLink } from './connection.ts';
import { ConnectionLost } from './failure.ts';

/** The message with which the desktop's preload hands over its MessagePort. */
export const PORT_MESSAGE = 'strata:port';

/** The way to the host of this page: a WebSocket where it came by http, else the port from the preload. */
export function chooseOpenLink(page: Window): OpenLink {
  return page.location.protocol.startsWith('http')
    ? openSocket(socketAddress(page.location))
    : openPort(page);
}

function socketAddress(location: Location): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`;
}

/** Connects by WebSocket. */
export function openSocket(address: string): OpenLink {
  return (onClosed) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(address);
      let isOpen = false;
      socket.addEventListener('open', () => {
        isOpen = true;
        resolve(new SocketLink({ websocket: socket }));
      });
      const refuse = (): void => reject(new ConnectionLost('Strata does not answer.'));
      socket.addEventListener('error', refuse);
      socket.addEventListener('close', () => (isOpen ? onClosed() : refuse()));
    });
}

/**
 * Takes the port that the preload posts into the page. It listens from now on, so it must be made before the page
 * has finished loading; each later port (a restarted host) serves the next attempt.
 */
export function openPort(page: Window): OpenLink {
  const ports: MessagePort[] = [];
  let wanted: ((port: MessagePort) => void) | undefined;
  page.addEventListener('message', (event: MessageEvent) => {
    const port = event.ports[0];
    if (event.source !== page || event.data !== PORT_MESSAGE || port === undefined) return;
    if (wanted === undefined) ports.push(port);
    else wanted(port);
    wanted = undefined;
  });
  return async (onClosed) => {
    const port = ports.shift() ?? (await new Promise<MessagePort>((resolve) => (wanted = resolve)));
    port.addEventListener('close', onClosed, { once: true });
    const link = new PortLink({ port });
    port.start();
    return link;
  };
}
