import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { findEngine, requirePart } from './find-engine.ts';
import type { HostContext } from './host-context.ts';

/** Implements `containers`. */
export function containersApi(context: HostContext) {
  const os = implement(contract.containers);
  const of = (engine: string) => requirePart(findEngine(context, engine), 'containers', 'run containers');
  const changed = (engine: string): Record<string, never> => {
    context.changes.emit({ topic: 'containers', engine });
    return {};
  };
  return {
    list: os.list.handler(({ input, signal }) => of(input.engine).list(signal)),
    start: os.start.handler(async ({ input }) => {
      await of(input.engine).start(input.id);
      return changed(input.engine);
    }),
    stop: os.stop.handler(async ({ input }) => {
      await of(input.engine).stop(input.id);
      return changed(input.engine);
    }),
    restart: os.restart.handler(async ({ input }) => {
      await of(input.engine).restart(input.id);
      return changed(input.engine);
    }),
    remove: os.remove.handler(async ({ input }) => {
      await of(input.engine).remove(input.id, { force: input.force });
      return changed(input.engine);
    }),
    logs: os.logs.handler(({ input, signal }) =>
      untilAborted((own) => of(input.engine).logs(input.id, { tail: input.tail, signal: own }), signal),
    ),
  };
}

/** The stream with a signal that aborts when the reader goes away; an abort ends it without an error. */
async function* untilAborted<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const own = new AbortController();
  const stop = (): void => own.abort();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted === true) return;
    yield* open(own.signal);
  } catch (error) {
    if (!own.signal.aborted) throw error;
  } finally {
    own.abort();
    signal?.removeEventListener('abort', stop);
  }
}
