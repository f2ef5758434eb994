import { FolderOpen, GitCompare, PackagePlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { archivePath } from '#renderer/store/archive-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageSummary } from '#shared/contract/images.ts';
import { toDialogImage } from './image-rows.ts';

/** What can be done with an image that is looked at in its archive. */
export function ArchiveActions({ image }: { readonly image: ImageSummary }): ReactNode {
  const store = useAppStore();
  const hasImages = useApp(
    (state) => state.images.list.status === 'ready' && state.images.list.value.length > 0,
  );
  const path = archivePath(image.id);
  const { dialogs, transfers, toasts } = store.getState();
  const load = (): void => {
    transfers.load(path).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      toasts.add({ tone: 'failed', title: 'The archive could not be loaded', detail });
    });
  };
  return (
    <>
      <Button
        icon={<GitCompare aria-hidden />}
        unavailable={hasImages ? undefined : 'There is no image in the store to compare it with.'}
        onClick={() => dialogs.show({ kind: 'compare-image', image: toDialogImage(image) })}
      >
        Compare…
      </Button>
      <Button icon={<FolderOpen aria-hidden />} onClick={() => dialogs.show({ kind: 'open-archive', path })}>
        The archive…
      </Button>
      <Button tone="primary" icon={<PackagePlus aria-hidden />} onClick={load}>
        Load into Strata
      </Button>
    </>
  );
}
