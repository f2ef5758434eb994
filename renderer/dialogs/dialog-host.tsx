import type { ReactNode } from 'react';
import { AddProjectDialog, CreateSampleDialog } from '#renderer/features/projects/add-project-dialog.tsx';
import { BuildOptionsDialog } from '#renderer/features/projects/build-options-dialog.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import { ConfirmBox } from './confirm-box.tsx';
import type { Dialog } from './dialog.ts';
import { ErrorBox } from './error-box.tsx';
import { Palette } from './palette.tsx';

/** Draws the one dialog that is open. */
export function DialogHost(): ReactNode {
  const dialog = useApp((state) => state.dialogs.open);
  const close = useApp((state) => state.dialogs.close);
  return dialog === null ? null : drawDialog(dialog, close);
}

function drawDialog(dialog: Dialog, close: () => void): ReactNode {
  switch (dialog.kind) {
    case 'palette':
      return <Palette onClose={close} />;
    case 'confirm':
      return <ConfirmBox dialog={dialog} onClose={close} />;
    case 'error':
      return <ErrorBox title={dialog.title} error={dialog.error} onClose={close} />;
    case 'tag-image':
    case 'push-image':
    case 'pull-image':
    case 'save-image':
    case 'load-image':
    case 'operation':
    case 'remove-images':
    case 'sign-in':
      return null;
    case 'add-project':
      return <AddProjectDialog onClose={close} />;
    case 'create-sample':
      return <CreateSampleDialog onClose={close} />;
    case 'build-options':
      return <BuildOptionsDialog projectId={dialog.projectId} onClose={close} />;
  }
}
