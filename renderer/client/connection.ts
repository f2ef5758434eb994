import type { ClientLink } from '@orpc/client';
import { createORPCClient } from '@orpc/client';
import type { StrataClient } from './client.ts';
import { ConnectionLost } from './failure.ts';

/** The wire of one connection. */
export type Link = ClientLink<Record<never, never>>;

/** One attempt to reach the host. Rejects when it cannot be had; calls `onClosed` once when it ends later. */
export type OpenLink = (onClosed: () => void) => Promise<Link>;

/** `connecting` for the first time, `open`, or `lost` and being tried again. */
export type ConnectionState = 'connecting' | 'open' | 'lost';

/** A client that outlives its wire: it connects again by itself, and calls made meanwhile wait for that. */
export interface Connection {
  readonly client: StrataClient;
  state(): ConnectionState;
  /** Tells every change of state until the returned function is called. */
  onState(listener: (state: ConnectionState) => void): () => void;
  close(): void;
}

const FIRST_DELAY = 250;
const LONGEST_DELAY = 5000;

/** Keeps a connection to the host; `wait` (milliseconds) is a parameter so that tests need not. */
export function createConnection(open: OpenLink, wait: (ms: number) => Promise<void> = sleep): Connection {
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = 'connecting';
  let closed = false;
  let link = connect();

  function setState(next: ConnectionState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener(next);
  }

  async function connect(): Promise<Link> {
    for (let delay = FIRST_DELAY; !closed; delay = Math.min(delay * 2, LONGEST_DELAY)) {
      try {
        const opened = await open(reconnect);
        setState('open');
        return opened;
      } catch {
        // Why is not told to a page; the banner says that it is being tried again.
        setState('lost');
        await wait(delay);
      }
    }
    throw new ConnectionLost('The page has closed its connection.');
  }

  function reconnect(): void {
    if (closed) return;
    setState('lost');
    link = connect();
    link.catch(() => undefined);
  }

  link.catch(() => undefined);
  const client: StrataClient = createORPCClient({
    call: async (path, input, options) =>
      (await untilAborted(link, options.signal)).call(path, input, options),
  } satisfies Link);
  return {
    client,
    state: () => state,
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      closed = true;
      listeners.clear();
    },
  };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new DOMException('Stopped by the page.', 'AbortError'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
