import { Download, FileLock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { engineById } from '#renderer/store/engines-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageSummary } from '#shared/contract/images.ts';

/** In place of the files of an image whose engine does not hand out its layers. */
export function NoFiles({ image }: { readonly image: ImageSummary }): ReactNode {
  const store = useAppStore();
  const engine = useApp((state) => engineById(state.engines, image.engine)?.name ?? image.engine);
  const [reference = ''] = image.names;
  const pull = (): void =>
    store.getState().dialogs.show({ kind: 'pull-image', reference, engine: 'builtin' });
  return (
    <EmptyState
      icon={FileLock}
      title="The files are not within reach here"
      actions={
        <Button icon={<Download aria-hidden />} onClick={pull}>
          Pull with the built-in engine…
        </Button>
      }
    >
      {engine} tells the history of an image, not the files of its layers. Pull the image with the built-in
      engine, or save it and open the archive, to see into it.
    </EmptyState>
  );
}
