import type { Operation } from '#shared/contract/operations.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import type { AppState, AppStore } from './app-store.ts';
import { showOperation } from './show-operation.ts';

/** Tells the end of work that went on in the background; nothing where the user is looking at it anyway. */
export function tellOperationEnds(store: AppStore): void {
  store.subscribe((state, before) => {
    if (state.operations.byId === before.operations.byId) return;
    for (const [id, { operation }] of Object.entries(state.operations.byId)) {
      const wasRunning = before.operations.byId[id]?.operation.state === 'running';
      if (!wasRunning || operation.state === 'running' || isInView(state, operation)) continue;
      tell(store, operation);
    }
  });
}

function isInView(state: AppState, operation: Operation): boolean {
  const { dialogs, navigation } = state;
  if (dialogs.open?.kind === 'operation' && dialogs.open.operationId === operation.id) return true;
  const { route } = navigation;
  if (operation.kind === 'build')
    return (route.screen === 'build' && route.id === operation.buildId) || route.screen === 'project';
  return operation.kind === 'sample';
}

function tell(store: AppStore, operation: Operation): void {
  const { toasts } = store.getState();
  const action = { label: 'Show', run: () => showOperation(store, operation) };
  switch (operation.state) {
    case 'done':
      toasts.add({ tone: 'done', title: operation.title, detail: outcome(operation), action });
      break;
    case 'failed':
      toasts.add({
        tone: 'failed',
        title: `${operation.title} failed`,
        detail: operation.error?.message,
        action,
      });
      break;
    default:
      toasts.add({ tone: 'info', title: `${operation.title} was cancelled` });
  }
}

/** What long work came to, in a few words. */
function outcome({ result }: Operation): string {
  switch (result?.kind) {
    case 'save':
      return result.path ?? `${formatBytes(result.bytes)} are ready to download`;
    case 'prune':
      return `${formatBytes(result.freedBytes)} freed`;
    case 'load':
      return result.references.join(', ') || 'The image has no name';
    case 'send':
      return `Run it with ${result.run}`;
    case 'take':
      return result.references.join(', ') || 'The image has no name';
    case 'verify':
      return result.report.equal ? 'Both builds gave the same image' : 'The builds differ';
    default:
      return 'Finished';
  }
}
