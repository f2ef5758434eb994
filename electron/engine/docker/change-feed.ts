import type { ChangeFeed } from '../engine.ts';
import type { Connector } from './connection.ts';
import { readJsonLines } from './json-lines.ts';

type Topic = Parameters<Parameters<ChangeFeed['subscribe']>[0]>[0];

/** Events of one build or compose run come by the dozen: one notice tells of all of them. */
const GATHER_MS = 120;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;

/**
 * Follows the engine's events while somebody listens. A lost engine is looked for again, at most every 5 s; its
 * going and its coming back are told, so that lists become unavailable and fill again by themselves.
 */
export function createChangeFeed(
  connector: Connector,
): ChangeFeed & { notify(topic: Topic): void; close(): void } {
  const listeners = new Set<(topic: Topic) => void>();
  const gathered = new Set<Topic>();
  let timer: NodeJS.Timeout | null = null;
  let following: AbortController | null = null;

  const tell = () => {
    timer = null;
    const topics = [...gathered];
    gathered.clear();
    for (const topic of topics) for (const listener of [...listeners]) listener(topic);
  };
  const notify = (topic: Topic) => {
    gathered.add(topic);
    timer ??= setTimeout(tell, GATHER_MS);
    timer.unref();
  };
  const notifyAll = () => {
    for (const topic of ['engines', 'images', 'containers'] as const) notify(topic);
  };

  const start = () => {
    const ending = new AbortController();
    following = ending;
    void follow(connector, ending.signal, { notify, notifyAll });
  };
  const stop = () => {
    following?.abort();
    following = null;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    gathered.clear();
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) start();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop();
      };
    },
    notify,
    close() {
      listeners.clear();
      stop();
    },
  };
}

async function follow(
  connector: Connector,
  signal: AbortSignal,
  tell: { notify(topic: Topic): void; notifyAll(): void },
): Promise<void> {
  let wait = FIRST_WAIT_MS;
  let wasThere = false;
  while (!signal.aborted) {
    try {
      await connector.use(async ({ client }) => {
        const stream = await client.stream({
          path: '/events',
          query: { filters: { type: ['image', 'container'] } },
          signal,
        });
        wasThere = true;
        wait = FIRST_WAIT_MS;
        tell.notifyAll();
        for await (const event of readJsonLines(stream, 'the engine')) {
          const topic = topicOf(event);
          if (topic !== null) tell.notify(topic);
        }
      }, signal);
    } catch {
      // Why it is not there is told by the engine's status; here only that it changed.
    }
    if (signal.aborted) return;
    // The stream ended without an error when the engine was stopped in order.
    connector.forget();
    if (wasThere) tell.notifyAll();
    wasThere = false;
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

function topicOf(event: unknown): Topic | null {
  const type = typeof event === 'object' && event !== null && 'Type' in event ? event.Type : null;
  return type === 'image' ? 'images' : type === 'container' ? 'containers' : null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    timer.unref();
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
