import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { DiffId } from '#shared/oci/digest.ts';
import { appRoot } from '../platform/app-root.ts';
import { cancelled } from './abortable.ts';
import type { IndexAnswer, IndexOrder } from './index-thread.ts';

/** A blob below this many bytes is looked into sooner than a thread is started. */
export const WORTH_A_THREAD = 4 * 1024 * 1024;

/** How long a thread waits for more to do. */
const IDLE_MS = 2000;

/** Little room for what is young: buffers that are done with are then freed soon. */
const LIMITS = { maxYoungGenerationSizeMb: 4 };

/** Threads only run the built program: sources would have to be translated first. */
const IS_BUILT = import.meta.url.endsWith('.js');

const idle = new Map<Worker, NodeJS.Timeout>();

/**
 * What a layer's blob holds, found out beside the event loop: the diffID of its tar and the encoded index. Null where
 * there can be no thread. Throws what `indexLayer` and `decompressLayer` throw, and `cancelled`.
 */
export async function indexInThread(
  order: IndexOrder,
  signal?: AbortSignal,
): Promise<{ readonly diffId: DiffId; readonly bytes: Uint8Array } | null> {
  if (!IS_BUILT) return null;
  const thread = takeIdle() ?? startThread();
  thread.ref();
  thread.postMessage(order);
  try {
    // `once` throws what the thread's error event brings, and an AbortError.
    const [answer] = (await once(thread, 'message', { signal })) as [IndexAnswer];
    keepIdle(thread);
    if ('error' in answer) throw new AppError(answer.error.code, answer.error.message, answer.error);
    return answer;
  } catch (error) {
    if (!idle.has(thread)) await thread.terminate();
    if (isCancelled(error)) throw cancelled();
    throw error;
  }
}

function startThread(): Worker {
  const thread = new Worker(`${appRoot()}/out/index-thread.js`, { resourceLimits: LIMITS });
  // Of one that is at work, who waits for it hears of the error; an idle one may go.
  thread.on('error', () => forget(thread));
  return thread;
}

function takeIdle(): Worker | undefined {
  const [thread] = idle.keys();
  if (thread !== undefined) forget(thread);
  return thread;
}

function forget(thread: Worker): void {
  clearTimeout(idle.get(thread));
  idle.delete(thread);
}

/** Neither an idle thread nor its timer keeps the process alive. */
function keepIdle(thread: Worker): void {
  thread.unref();
  const timer = setTimeout(() => {
    idle.delete(thread);
    void thread.terminate();
  }, IDLE_MS);
  idle.set(thread, timer.unref());
}
