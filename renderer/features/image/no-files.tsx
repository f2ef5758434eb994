import { ArrowDownToLine, FileLock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { toDialogImage } from '#renderer/features/images/image-rows.ts';
import { engineById } from '#renderer/store/engines-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageSummary } from '#shared/contract/images.ts';

/** In place of the files of an image whose engine does not hand out its layers. */
export function NoFiles({ image }: { readonly image: ImageSummary }): ReactNode {
  const store = useAppStore();
  const engine = useApp((state) => engineById(state.engines, image.engine)?.name ?? image.engine);
  const take = (): void =>
    store.getState().dialogs.show({ kind: 'take-images', images: [toDialogImage(image)] });
  return (
    <EmptyState
      icon={FileLock}
      title="The files are not within reach here"
      actions={
        <Button icon={<ArrowDownToLine aria-hidden />} onClick={take}>
          Take into Strata…
        </Button>
      }
    >
      {engine} tells the history of an image, not the files of its layers. Take the image into Strata to see
      into it, to compare it and to find what it wastes.
    </EmptyState>
  );
}
