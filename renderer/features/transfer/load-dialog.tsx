import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { FolderChooser } from '#renderer/features/projects/folder-chooser.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';

const NOTHING_CHOSEN = 'Mark an archive, or a folder that is an OCI layout.';

/** Chooses an archive or a layout folder on the machine that Strata runs on, to look inside or to take its images into the store. */
export function LoadDialog({ onClose }: { onClose(): void }): ReactNode {
  const [path, setPath] = useState('');
  const holdsImages = useApp((state) => {
    const { listing } = state.folders;
    if (listing.status !== 'ready') return false;
    const { entries, isLayout } = listing.value;
    if (listing.value.path === path) return isLayout;
    const kind = entries.find((entry) => entry.path === path)?.kind;
    return kind === 'archive' || kind === 'layout';
  });
  const load = useApp((state) => state.transfers.load);
  const dialogs = useApp((state) => state.dialogs);
  const { attempt, error, isBusy } = useAttempt();
  return (
    <DialogFrame
      title="Open an image archive"
      onClose={onClose}
      onSubmit={() => {
        if (holdsImages) void attempt(() => load(path));
      }}
      note={
        holdsImages ? (
          <span className={text.mono}>{path}</span>
        ) : (
          'An OCI layout, as a folder or as .tar, or what docker save wrote.'
        )
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            disabled={isBusy}
            unavailable={holdsImages ? undefined : NOTHING_CHOSEN}
            onClick={() => dialogs.show({ kind: 'open-archive', path })}
          >
            Look inside…
          </Button>
          <Button
            type="submit"
            tone="primary"
            disabled={isBusy}
            unavailable={holdsImages ? undefined : NOTHING_CHOSEN}
          >
            Load
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <FolderChooser show="archives" onChosen={setPath} />
    </DialogFrame>
  );
}
