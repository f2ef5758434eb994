import { Download, FileLock } from 'lucide-react';
import type { ReactNode } from 'react';
import { pullImage } from '#renderer/commands/pull-image.ts';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';

/** In place of the files of an image whose engine does not hand out its layers. */
export function NoFiles({ engine }: { readonly engine: string }): ReactNode {
  return (
    <EmptyState
      icon={FileLock}
      title="The files are not within reach here"
      actions={
        <CommandButton command={pullImage} icon={<Download aria-hidden />}>
          Pull with the built-in engine…
        </CommandButton>
      }
    >
      {engine === 'builtin' ? 'The layers of this image' : `Images of ${engine}`} are known by their history
      only. Pull the image with the built-in engine, or save it and open the archive, to see into its layers.
    </EmptyState>
  );
}
