import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import { FolderChooser } from './folder-chooser.tsx';
import { lastName } from './folder-path.ts';

/** Chooses a file of the machine that Strata runs on, above the dialog that asks for it. */
export function FileChooserDialog(props: {
  readonly title: string;
  onChosen(path: string): void;
  onClose(): void;
}): ReactNode {
  const [path, setPath] = useState('');
  const isFile = useApp(
    ({ folders: { listing } }) =>
      listing.status === 'ready' &&
      listing.value.entries.some((entry) => entry.kind === 'file' && entry.path === path),
  );
  const choose = (): void => {
    if (!isFile) return;
    props.onChosen(path);
    props.onClose();
  };
  return (
    <DialogFrame
      title={props.title}
      onClose={props.onClose}
      onSubmit={choose}
      note={isFile ? <span className={text.mono}>{path}</span> : 'Hidden files are shown as well.'}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" tone="primary" unavailable={isFile ? undefined : 'Mark a file.'}>
            Choose {isFile ? lastName(path) : ''}
          </Button>
        </>
      }
    >
      <FolderChooser show="all" onChosen={setPath} />
    </DialogFrame>
  );
}
