import { Eraser } from 'lucide-react';
import { toErrorView } from '#renderer/client/failure.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import type { Command } from './command.ts';

/** Shows what a clean-up would remove, and does it on yes. */
export const cleanUp: Command = {
  id: 'clean-up',
  title: 'Clean up storage…',
  group: 'View',
  icon: Eraser,
  keywords: 'prune free disk space garbage',
  run: async (store) => {
    await store.getState().storage.load();
    const { storage, dialogs, navigation } = store.getState();
    navigation.go({ screen: 'storage' });
    if (storage.usage.status === 'failed')
      dialogs.show({
        kind: 'error',
        title: 'The storage could not be measured',
        error: toErrorView(storage.usage.error),
      });
    if (storage.usage.status !== 'ready') return;
    const { bytes, items } = storage.usage.value.reclaimable;
    if (items.length === 0) return;
    dialogs.show({
      kind: 'confirm',
      title: `Free ${formatBytes(bytes)}?`,
      message: 'This is removed for good. Images with a name, and what they need, stay.',
      items: items.map(itemWords),
      confirm: 'Clean up',
      danger: true,
      run: () => store.getState().storage.prune(),
    });
  },
};

/** The same, and the whole build cache with it, also of recent builds. */
export const cleanUpWholeCache: Command = {
  id: 'clean-up-whole-cache',
  title: 'Clean up the whole build cache…',
  group: 'View',
  icon: Eraser,
  keywords: 'prune all free disk space',
  run: async (store) => {
    const { storage, dialogs, navigation, toasts } = store.getState();
    navigation.go({ screen: 'storage' });
    try {
      const { bytes, items } = (await storage.measureWhole()).reclaimable;
      if (items.length === 0) {
        const detail = 'Everything that is stored is in use.';
        toasts.add({ tone: 'info', title: 'There is nothing to clean up', detail });
        return;
      }
      dialogs.show({
        kind: 'confirm',
        title: `Free ${formatBytes(bytes)}?`,
        message:
          'The steps of recent builds go too where no image with a name has them: the next build makes them anew. Images with a name stay.',
        items: items.map(itemWords),
        confirm: 'Clean up all',
        danger: true,
        run: () => store.getState().storage.prune({ wholeCache: true }),
      });
    } catch (error) {
      const title = 'The storage could not be measured';
      dialogs.show({ kind: 'error', title, error: toErrorView(error) });
    }
  },
};

/** What goes with its size, where it has one of its own: the layers of images are counted as blobs. */
function itemWords({ title, bytes }: { readonly title: string; readonly bytes: number }): string {
  return bytes === 0 ? title : `${title}: ${formatBytes(bytes)}`;
}
