import type { Platform } from '#shared/oci/platform.ts';
import type { LayerStack } from './layer-relations.ts';

/** What a list row needs beyond the engine's list: it costs two requests an image, and never changes for an id. */
export interface ImageFacts extends LayerStack {
  readonly platform: Platform | null;
}

/** Facts of images, asked for once per id. */
export interface ImageFactsCache {
  get(id: string): ImageFacts | undefined;
  /**
   * Reads the facts of the ids that are not known yet, a few at a time. Resolves when all are there or when
   * `patienceMs` have passed; what comes later is kept, and `onLate` is called once when the rest is there.
   */
  fill(ids: readonly string[], options: { patienceMs: number; onLate(): void }): Promise<void>;
  close(): void;
}

const AT_ONCE = 4;

/** A cache over `read`, which may fail: the image may be gone by then. */
export function createImageFacts(
  read: (id: string, signal: AbortSignal) => Promise<ImageFacts>,
): ImageFactsCache {
  const facts = new Map<string, ImageFacts>();
  const asked = new Map<string, Promise<void>>();
  const queue: (() => void)[] = [];
  const ending = new AbortController();
  let running = 0;

  const next = () => {
    running -= 1;
    queue.shift()?.();
  };
  const slot = async (): Promise<void> => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
    running += 1;
  };
  const ask = async (id: string): Promise<void> => {
    await slot();
    try {
      if (!ending.signal.aborted) facts.set(id, await read(id, ending.signal));
    } catch {
      // A row without its layer bar is shown; the next list asks again.
    } finally {
      asked.delete(id);
      next();
    }
  };

  return {
    get: (id) => facts.get(id),
    async fill(ids, { patienceMs, onLate }) {
      const present = new Set(ids);
      for (const id of facts.keys()) if (!present.has(id)) facts.delete(id);
      const missing = ids.filter((id) => !facts.has(id));
      if (missing.length === 0) return;
      const work = missing.map((id) => {
        const running = asked.get(id) ?? ask(id);
        asked.set(id, running);
        return running;
      });
      const all = Promise.all(work).then(() => true);
      const inTime = await Promise.race([all, patience(patienceMs)]);
      if (!inTime) void all.then(() => (ending.signal.aborted ? undefined : onLate()));
    },
    close: () => ending.abort(),
  };
}

function patience(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
  });
}
