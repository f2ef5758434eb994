import type { Operation } from '#shared/contract/operations.ts';
import type { AppStore } from './app-store.ts';

/** Shows where an operation can be seen: its build, or the dialog that started it. */
export function showOperation(store: AppStore, operation: Operation): void {
  const { navigation, dialogs, operations } = store.getState();
  if (operation.state !== 'running') operations.watch(operation.id);
  switch (operation.kind) {
    case 'build':
      if (operation.buildId !== null) navigation.go({ screen: 'build', id: operation.buildId });
      return;
    case 'push':
    case 'pull':
    case 'save':
    case 'load':
    case 'send':
    case 'take':
    case 'verify':
    case 'read':
      dialogs.show({ kind: 'operation', operationId: operation.id });
      return;
    case 'prune':
      navigation.go({ screen: 'storage' });
      return;
    case 'sample':
      navigation.go({ screen: 'projects' });
  }
}
