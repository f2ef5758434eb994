import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ProjectSummary } from '#shared/contract/projects.ts';

interface StartVerifyDialogProps {
  readonly projectId: string;
  onClose(): void;
}

/** Says what verifying is and begins it. */
export function StartVerifyDialog({ projectId, onClose }: StartVerifyDialogProps): ReactNode {
  const project = useApp((state) => valueOr(state.projects.list, []).find(({ id }) => id === projectId));
  return project === undefined ? null : <Ask project={project} onClose={onClose} />;
}

function Ask(props: { readonly project: ProjectSummary; onClose(): void }): ReactNode {
  const { project, onClose } = props;
  const verify = useApp((state) => state.transfers.verify);
  const [reproducible, setReproducible] = useState(project.options.reproducible === true);
  const { attempt, error, isBusy } = useAttempt();
  return (
    <DialogFrame
      title={`Verify ${project.name}`}
      onClose={onClose}
      onSubmit={() => void attempt(() => verify(project.id, { ...project.options, reproducible }))}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={isBusy}>
            Verify
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <p>
        Builds the project twice, each time in a new store without a cache, and compares every file of both
        images: content, time, owner, mode. It takes as long as two first builds.
      </p>
      <p className={text.dim}>Nothing of it is kept: no image, no tag, no cache.</p>
      <Checkbox
        label="Reproducible: no time in the image is newer than SOURCE_DATE_EPOCH, or 1970"
        checked={reproducible}
        onChecked={setReproducible}
      />
    </DialogFrame>
  );
}
