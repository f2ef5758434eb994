import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShareUse } from '#shared/contract/share.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Reference } from '#shared/oci/reference.ts';
import { errnoOf } from '../platform/file-errors.ts';
import type { Store } from '../store/store.ts';
import { handleRequest } from './handle-request.ts';
import { UploadSessions } from './upload-sessions.ts';

/** The only address that a share ever listens on. */
const LOOPBACK = '127.0.0.1';
/** Tried first when no port is asked for, so that names that clients use stay the same. */
export const DEFAULT_SHARE_PORT = 7421;

export interface ShareOptions {
  /** 0 is any free one; undefined is 7421, or any free one where that is taken. */
  readonly port?: number | undefined;
  /** Gives images and takes none. */
  readonly readOnly?: boolean | undefined;
  /** Whether tags of the name's repository may not be moved by a push; default: never. */
  readonly isImmutable?: ((name: Reference) => Promise<boolean>) | undefined;
  /** Told of every image that a tool got, gave or untagged. */
  onUse?: ((use: ShareUse) => void) | undefined;
  /** Told about errors nobody expected. */
  report(error: unknown): void;
}

/** A store that is being served. */
export interface Share {
  readonly port: number;
  /** `127.0.0.1:7421`: what stands before a repository in the names that clients use. */
  readonly address: string;
  readonly readOnly: boolean;
  /** Ends connections and gives up uploads. */
  close(): Promise<void>;
}

/**
 * Serves a store to container tools of this machine over the distribution API: they pull what is in it and, unless it
 * is read-only, push to it. Throws `busy` when the port is taken, `invalid-input` for no port.
 */
export async function startShare(store: Store, options: ShareOptions): Promise<Share> {
  const { readOnly = false, isImmutable = async () => false, onUse = () => {}, report } = options;
  const uploads = new UploadSessions(store);
  const site = { store, uploads, readOnly, isImmutable, onUse };
  const server = createServer((request, response) => void handleRequest(site, request, response, report));
  // A large layer over a slow pipe may take any time; headers still have to come at once.
  server.requestTimeout = 0;
  const port = await listen(server, options.port);
  return {
    port,
    address: `${LOOPBACK}:${port}`,
    readOnly,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await uploads.close();
    },
  };
}

async function listen(server: Server, asked: number | undefined): Promise<number> {
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 0 || asked > 65535)) {
    throw new AppError('invalid-input', `${asked} is not a port.`, {
      hint: 'Write a number from 0 to 65535; 0 is any free one.',
    });
  }
  try {
    return await listenOn(server, asked ?? DEFAULT_SHARE_PORT);
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw error;
    if (asked === undefined) return listenOn(server, 0);
    throw new AppError('busy', `Port ${asked} is taken by another program.`, {
      hint: 'Choose another one, or leave it out.',
      cause: error,
    });
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
