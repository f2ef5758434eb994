import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '#shared/errors/app-error.ts';
import type { HostContext, HostPort } from '../api/host-context.ts';
import { createRouter } from '../api/router.ts';
import { serveHandover } from '../handover/serve-handover.ts';
import { errnoOf } from '../platform/file-errors.ts';
import { Access } from './access.ts';
import { Downloads } from './downloads.ts';
import { handleRequest } from './request-handler.ts';
import { serveSockets } from './socket-server.ts';
import { createWebPort } from './web-port.ts';

/** The port that is tried first when none is asked for, so that tunnels and bookmarks can stay. */
export const DEFAULT_PORT = 7420;
const LOOPBACK = '127.0.0.1';

export interface WebHostOptions {
  /** 0 is any free one; undefined is 7420, or any free one where that is taken. */
  readonly port?: number | undefined;
  /** Address to listen on; default 127.0.0.1. */
  readonly address?: string | undefined;
  /** Names beside those of the loopback interface under which it may be reached. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Folder of the built page. */
  readonly root: string;
  /** Makes the core over what this host can do; it is closed with the host. */
  createContext(host: HostPort): Promise<HostContext>;
}

/** A running web host. */
export interface WebHost {
  readonly port: number;
  /** `http://127.0.0.1:7420/?token=…`: opens the page once, for one browser. */
  readonly address: string;
  /** Ends connections, cancels running work and waits for its end. */
  close(): Promise<void>;
}

/** Serves the page and the router to browsers of this machine. Throws `busy` when the port is taken, `invalid-input` for no port. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const access = new Access(options.allowedHosts);
  const downloads = new Downloads();
  const context = await options.createContext(createWebPort(downloads));
  const site = { root: options.root, access, downloads, report: context.report };
  const server = createServer((request, response) => handleRequest(site, request, response));
  const handover = await serveHandover(context);
  const closeSockets = serveSockets(server, access, createRouter(context), context.report);
  const close = async (): Promise<void> => {
    closeSockets();
    downloads.clear();
    await closeServer(server);
    await handover.close();
    await context.close();
  };
  try {
    const port = await listen(server, options);
    const shown = options.address === undefined || options.address === '0.0.0.0' ? LOOPBACK : options.address;
    return { port, address: `http://${shown}:${port}/?token=${access.token}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(server: Server, options: WebHostOptions): Promise<number> {
  const address = options.address ?? LOOPBACK;
  const asked = options.port ?? 0;
  if (!Number.isInteger(asked) || asked < 0 || asked > 65535) {
    throw new AppError('invalid-input', `${options.port} is not a port.`, {
      hint: 'Write a number from 0 to 65535; 0 is any free one.',
    });
  }
  try {
    return await listenOn(server, options.port ?? DEFAULT_PORT, address);
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw error;
    if (options.port === undefined) return listenOn(server, 0, address);
    throw new AppError('busy', `Port ${options.port} is taken by another program.`, {
      hint: 'Choose another with --port, or leave it out.',
      cause: error,
    });
  }
}

function listenOn(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
