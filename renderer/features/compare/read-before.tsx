import { CloudDownload } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { ReadingLayers } from '#renderer/features/image/read-layers.tsx';
import type { UnreadImage } from '#renderer/store/comparison-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { sumSizes } from '#renderer/store/unread-layers.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';

/** Says what comparing images at registries costs before it is paid, and how far it is then. */
export function ReadBefore({ unread }: { readonly unread: readonly UnreadImage[] }): ReactNode {
  const store = useAppStore();
  const reading = useApp((state) => state.comparison.reading);
  const { attempt, error, isBusy } = useAttempt();
  const { readUnread, endReading } = store.getState().comparison;
  if (reading !== null)
    return (
      <ReadingLayers key={reading} operationId={reading} onEnded={(isDone) => void endReading(isDone)} />
    );
  const layers = unread.flatMap((image) => image.layers);
  const size = formatBytes(sumSizes(layers));
  return (
    <EmptyState
      icon={CloudDownload}
      title="What is compared is at the registry"
      actions={
        <Button tone="primary" disabled={isBusy} onClick={() => void attempt(readUnread)}>
          Read {formatCount(layers.length, 'layer')}, {size}
        </Button>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      To compare the files, {size} are read once from {unread.map(({ ref }) => ref).join(' and ')}. What is in
      the layers is remembered; the bytes are not kept.
    </EmptyState>
  );
}
