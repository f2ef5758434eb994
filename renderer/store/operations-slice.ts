import type { StrataClient } from '#renderer/client/client.ts';
import { toErrorView } from '#renderer/client/failure.ts';
import { follow } from '#renderer/client/follow.ts';
import type { Operation, OperationEvent } from '#shared/contract/operations.ts';
import { applyEvent, mergeLog, type OperationView, outerView } from './operation-events.ts';
import type { SliceCreator } from './slice.ts';

/** Long work: what runs, what ended, how far each is. */
export interface OperationsSlice {
  /** By operation id. */
  readonly byId: Readonly<Record<string, OperationView>>;
  /** Asks for all operations and joins those that run. */
  load(): Promise<void>;
  /** Takes one piece of news from the feed; joins an operation that runs. */
  receive(operation: Operation): void;
  /** Follows an operation with its steps, blobs and logs until it ends. Harmless when it is followed already. */
  watch(id: string): void;
  /** Gets the beginning of a build step's log that came before this page joined. */
  loadEarlierLog(id: string, step: number): Promise<void>;
  cancel(id: string): Promise<void>;
  dismiss(id: string): Promise<void>;
  /** Lets a transfer that waits for its next try go on at once. */
  retryNow(id: string): Promise<void>;
}

/** Operations in order, newest first. Memoise it over `byId`. */
export function listOperations(byId: OperationsSlice['byId']): readonly OperationView[] {
  return Object.values(byId).sort((a, b) => b.operation.startedAt - a.operation.startedAt);
}

/** Time in which events are gathered before the page is drawn again, in milliseconds. */
const GATHER = 50;

/** Makes the operations slice. */
export const createOperationsSlice: SliceCreator<OperationsSlice> = (tools) => {
  const followed = new Map<string, AbortController>();
  const waiting: { id: string; event: OperationEvent }[] = [];
  let isGathering = false;

  const put = (id: string, view: OperationView): void =>
    tools.set({ byId: { ...tools.own().byId, [id]: view } });

  const drain = (): void => {
    isGathering = false;
    const byId = { ...tools.own().byId };
    for (const { id, event } of waiting.splice(0)) {
      const view = byId[id] ?? (event.type === 'snapshot' ? outerView(event.snapshot.operation) : undefined);
      if (view !== undefined) byId[id] = applyEvent(view, event);
    }
    tools.set({ byId });
  };

  const gather = (id: string, event: OperationEvent): void => {
    waiting.push({ id, event });
    if (isGathering) return;
    isGathering = true;
    setTimeout(drain, GATHER);
  };

  const watch = (id: string): void => {
    if (followed.has(id)) return;
    const controller = new AbortController();
    followed.set(id, controller);
    let over = false;
    const { signal } = controller;
    follow((until) => tools.client.operations.watch({ id }, { signal: until }), {
      signal,
      onValue: (event) => {
        if (event.type === 'snapshot') over = event.snapshot.operation.state !== 'running';
        if (event.type === 'operation') over = event.operation.state !== 'running';
        gather(id, event);
      },
      isOver: () => over,
    })
      // The host does not know it any more: what is here stays as it is.
      .catch(() => undefined)
      .finally(() => followed.delete(id));
  };

  const receive = (operation: Operation): void => {
    const known = tools.own().byId[operation.id];
    put(operation.id, known === undefined ? outerView(operation) : { ...known, operation });
    if (operation.state === 'running') watch(operation.id);
  };

  const orTell = async (ask: () => Promise<unknown>): Promise<void> => {
    try {
      await ask();
    } catch (error) {
      const { message, hint } = toErrorView(error);
      tools.state().toasts.add({ tone: 'failed', title: message, detail: hint });
    }
  };

  return {
    byId: {},
    load: async () => {
      const list = await tools.client.operations.list();
      const before = tools.own().byId;
      const byId = Object.fromEntries(
        list.map((operation) => {
          const known = before[operation.id];
          return [operation.id, known === undefined ? outerView(operation) : { ...known, operation }];
        }),
      );
      tools.set({ byId });
      for (const operation of list) if (operation.state === 'running') watch(operation.id);
    },
    receive,
    watch,
    loadEarlierLog: async (id, step) => {
      const view = tools.own().byId[id];
      if (view === undefined || view.operation.buildId === null) return;
      const end = view.logs[step]?.start ?? Number.POSITIVE_INFINITY;
      const text = await readLog(tools.client, view.operation.buildId, step, end);
      const now = tools.own().byId[id];
      if (now === undefined || text === '') return;
      put(id, { ...now, logs: { ...now.logs, [step]: mergeLog(now.logs[step], 0, text) } });
    },
    cancel: (id) => orTell(() => tools.client.operations.cancel({ id })),
    retryNow: (id) => orTell(() => tools.client.operations.retryNow({ id })),
    dismiss: async (id) => {
      followed.get(id)?.abort();
      const { [id]: _gone, ...byId } = tools.own().byId;
      tools.set({ byId });
      await tools.client.operations.dismiss({ id });
    },
  };
};

/** The log of a build step from its beginning to at least `end`, or as far as it has come. */
async function readLog(client: StrataClient, id: string, step: number, end: number): Promise<string> {
  let text = '';
  while (text.length < end) {
    const piece = await client.builds.log({ id, step, offset: text.length });
    if (piece.text === '') break;
    text += piece.text;
  }
  return text;
}
