import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { FolderChooser } from '#renderer/features/projects/folder-chooser.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';

/** Chooses an archive on the machine that Strata runs on, to look inside or to take its images into the store. */
export function LoadDialog({ onClose }: { onClose(): void }): ReactNode {
  const [path, setPath] = useState('');
  const isArchive = useApp((state) => {
    const { listing } = state.folders;
    return (
      listing.status === 'ready' &&
      listing.value.entries.some((entry) => entry.archive && entry.path === path)
    );
  });
  const load = useApp((state) => state.transfers.load);
  const dialogs = useApp((state) => state.dialogs);
  const { attempt, error, isBusy } = useAttempt();
  return (
    <DialogFrame
      title="Open an image archive"
      onClose={onClose}
      onSubmit={() => {
        if (isArchive) void attempt(() => load(path));
      }}
      note={
        isArchive ? (
          <span className={text.mono}>{path}</span>
        ) : (
          'An OCI layout or what docker save wrote, as .tar; or the folder of a layout: look inside and load it there'
        )
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            disabled={isBusy || path === ''}
            onClick={() => dialogs.show({ kind: 'open-archive', path })}
          >
            Look inside…
          </Button>
          <Button type="submit" tone="primary" disabled={isBusy || !isArchive}>
            Load
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <FolderChooser archives onChosen={setPath} />
    </DialogFrame>
  );
}
