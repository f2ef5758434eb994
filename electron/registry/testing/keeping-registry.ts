import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '#electron/image/content-digest.ts';

/** How a registry treats uploads that break off. */
export interface KeepingOptions {
  /** The connection breaks when the upload holds so many bytes: one entry a break, in order. */
  readonly breaksAt: readonly number[];
  /** The status of `GET` for an upload that broke off; 204 tells what was kept. */
  readonly statusOfKept?: number;
  /** A PATCH after a break is refused with this status. */
  readonly refusesRest?: number;
}

/** A registry over real sockets that takes one upload at a time and keeps what arrived of it. */
export interface KeepingRegistry {
  readonly host: string;
  /** `PUT 0`, `GET`, `PATCH 5000000-9999999`: what was asked, with the range or the bytes that were there. */
  readonly asked: readonly string[];
  /** Bytes of blobs that came in, those that were lost with a break too. */
  readonly received: number;
  readonly blobs: ReadonlyMap<string, Buffer>;
  close(): Promise<void>;
}

/** Starts one on 127.0.0.1. */
export async function startKeepingRegistry(options: KeepingOptions): Promise<KeepingRegistry> {
  const state = new Uploads(options);
  const server = createServer((request, response) => void state.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    asked: state.asked,
    blobs: state.blobs,
    get received() {
      return state.received;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Uploads {
  readonly asked: string[] = [];
  readonly blobs = new Map<string, Buffer>();
  received = 0;
  readonly #options: KeepingOptions;
  readonly #breaks: number[];
  #kept: Buffer[] = [];
  #hasBroken = false;

  constructor(options: KeepingOptions) {
    this.#options = options;
    this.#breaks = [...options.breaksAt];
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const digest = pathname.split('/').at(-1) ?? '';
    if (request.method === 'HEAD') return end(response, this.blobs.has(digest) ? 200 : 404);
    if (pathname === '/v2/') return end(response, 200);
    this.asked.push(`${request.method} ${request.headers['content-range'] ?? this.#size}`);
    if (request.method === 'POST') {
      this.#kept = [];
      return end(response, 202, { location: '/v2/app/blobs/uploads/1' });
    }
    if (request.method === 'GET') {
      const status = this.#options.statusOfKept ?? 204;
      return end(response, status, status === 204 ? this.#range() : {});
    }
    const refused = request.method === 'PATCH' && this.#hasBroken ? this.#options.refusesRest : undefined;
    if (refused !== undefined) {
      request.resume();
      return end(response, refused);
    }
    if (!(await this.#receive(request))) return;
    if (request.method === 'PATCH') return end(response, 202, this.#range());
    const bytes = Buffer.concat(this.#kept);
    const wanted = searchParams.get('digest') ?? '';
    if (digestOf(bytes) !== wanted) return end(response, 400);
    this.blobs.set(wanted, bytes);
    end(response, 201);
  }

  get #size(): number {
    return this.#kept.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  #range(): Record<string, string> {
    return { range: `0-${Math.max(0, this.#size - 1)}`, location: '/v2/app/blobs/uploads/1' };
  }

  /** False where the connection was broken. */
  async #receive(request: IncomingMessage): Promise<boolean> {
    let size = this.#size;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const at = this.#breaks[0];
      const part = at === undefined ? chunk : chunk.subarray(0, Math.max(0, at - size));
      this.#kept.push(part);
      this.received += part.length;
      size += part.length;
      if (at === undefined || size < at) continue;
      this.#breaks.shift();
      this.#hasBroken = true;
      request.socket.destroy();
      return false;
    }
    return true;
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}
