import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './real-registry.ts';

/** A TCP proxy before a registry that knows nothing of HTTP and breaks connections as a network does. For tests. */
export interface CuttingProxy {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** Bytes that went to the registry and that came from it. */
  readonly sent: number;
  readonly came: number;
  /** Connections that were cut. */
  readonly cuts: number;
  /** Cuts the next connection that carries more than `bytes` in a direction, then the next one, until all are used. */
  cutAfter(direction: 'sent' | 'came', ...bytes: readonly number[]): void;
  /** Bytes a second in each direction of a connection; undefined is no limit. */
  slowTo(bytesPerSecond: number | undefined): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1 before the registry at `target` (`host:port`). */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const [host = '', port = ''] = target.split(':');
  const count = { sent: 0, came: 0, cuts: 0 };
  const waiting: Record<'sent' | 'came', number[]> = { sent: [], came: [] };
  const open = new Set<Socket>();
  let speed: number | undefined;
  const server = createServer((client) => {
    const registry = connect(Number(port), host);
    const end = () => {
      client.destroy();
      registry.destroy();
    };
    const pass = (direction: 'sent' | 'came', from: Socket, to: Socket) => {
      let carried = 0;
      from.on('data', (chunk: Buffer) => {
        carried += chunk.length;
        count[direction] += chunk.length;
        const limit = waiting[direction][0];
        if (limit !== undefined && carried > limit) {
          waiting[direction].shift();
          count.cuts += 1;
          return end();
        }
        const isFull = !to.write(chunk);
        if (speed === undefined && !isFull) return;
        from.pause();
        if (speed !== undefined) setTimeout(() => from.resume(), (chunk.length / speed) * 1000);
        else to.once('drain', () => from.resume());
      });
      from.on('error', end);
      from.on('close', () => {
        open.delete(from);
        to.end();
      });
      open.add(from);
    };
    pass('sent', client, registry);
    pass('came', registry, client);
  });
  const own = await freePort();
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${own}`,
    get sent() {
      return count.sent;
    },
    get came() {
      return count.came;
    },
    get cuts() {
      return count.cuts;
    },
    cutAfter: (direction, ...bytes) => {
      waiting[direction].push(...bytes);
    },
    slowTo: (bytesPerSecond) => {
      speed = bytesPerSecond;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
