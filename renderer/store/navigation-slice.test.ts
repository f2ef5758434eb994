import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { createAppStore } from './app-store.ts';

test('a dialog goes with the screen that it was opened on', () => {
  const store = createAppStore(createFakeHost().client);
  const { dialogs, navigation } = store.getState();
  navigation.go({ screen: 'repository', name: 'ghcr.io/acme/web' });
  dialogs.show({ kind: 'delete-tag', reference: 'ghcr.io/acme/web:1.0' });
  navigation.go({ screen: 'repository', name: 'ghcr.io/acme/web' });
  expect(store.getState().dialogs.open?.kind).toBe('delete-tag');
  navigation.go({ screen: 'repository', name: 'ghcr.io/acme/api' });
  expect(store.getState().dialogs.open).toBeNull();
});
