import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import { FolderChooser } from './folder-chooser.tsx';
import { joinPath, lastName, SAMPLE_NAME } from './folder-path.ts';

/** Chooses a folder of the machine and adds it as a project. */
export function AddProjectDialog({ onClose }: { onClose(): void }): ReactNode {
  const add = useApp((state) => state.projects.add);
  const [path, setPath] = useState('');
  const { attempt, error, isBusy } = useAttempt();
  const open = (): void =>
    void attempt(async () => {
      await add(path);
      onClose();
    });
  return (
    <DialogFrame
      title="Open a folder"
      onClose={onClose}
      onSubmit={open}
      note={path === '' ? undefined : <span className={text.mono}>{path}</span>}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={isBusy || path === ''}>
            Open {path === '' ? '' : lastName(path)}
          </Button>
        </>
      }
    >
      {error !== null && <ErrorNotice error={error} />}
      <FolderChooser onChosen={setPath} />
    </DialogFrame>
  );
}

/** Chooses where the sample project goes and writes it there. */
export function CreateSampleDialog({ onClose }: { onClose(): void }): ReactNode {
  const createSample = useApp((state) => state.projects.createSample);
  const [folder, setFolder] = useState('');
  const [name, setName] = useState(SAMPLE_NAME);
  const { attempt, error, isBusy } = useAttempt();
  const path = joinPath(folder, name.trim());
  const create = (): void =>
    void attempt(async () => {
      await createSample(path);
      onClose();
    });
  return (
    <DialogFrame
      title="Create the sample project"
      onClose={onClose}
      onSubmit={create}
      note={folder === '' ? undefined : <span className={text.mono}>{path}</span>}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={isBusy || folder === '' || name.trim() === ''}>
            {isBusy ? 'Creating…' : 'Create'}
          </Button>
        </>
      }
    >
      {error !== null && <ErrorNotice error={error} />}
      <p className={text.dim}>
        A small project whose base image is put together on the spot from this machine's own shell and tools.
        It builds without a network and without any registry.
      </p>
      <TextField label="Name of the new folder" mono value={name} onValue={setName} />
      <FolderChooser onChosen={setFolder} />
    </DialogFrame>
  );
}
