import type { ReactNode } from 'react';
import { PinDialog } from '#renderer/features/bases/pin-dialog.tsx';
import { CompareDialog } from '#renderer/features/compare/compare-dialog.tsx';
import { OpenArchiveDialog } from '#renderer/features/images/open-archive-dialog.tsx';
import { RemoveImagesDialog } from '#renderer/features/images/remove-images-dialog.tsx';
import { TagDialog } from '#renderer/features/images/tag-dialog.tsx';
import { AddProjectDialog, CreateSampleDialog } from '#renderer/features/projects/add-project-dialog.tsx';
import { BuildOptionsDialog } from '#renderer/features/projects/build-options-dialog.tsx';
import { DeleteTagDialog } from '#renderer/features/registries/delete-tag-dialog.tsx';
import { SignInDialog } from '#renderer/features/registries/sign-in-dialog.tsx';
import { TrustDialog } from '#renderer/features/registries/trust-dialog.tsx';
import { TagMoveDialog } from '#renderer/features/tags/tag-move-dialog.tsx';
import { CopyDialog } from '#renderer/features/transfer/copy-dialog.tsx';
import { SendDialog, TakeDialog } from '#renderer/features/transfer/exchange-dialogs.tsx';
import { LoadDialog } from '#renderer/features/transfer/load-dialog.tsx';
import { OperationDialog } from '#renderer/features/transfer/operation-dialog.tsx';
import { PullDialog } from '#renderer/features/transfer/pull-dialog.tsx';
import { PushDialog } from '#renderer/features/transfer/push-dialog.tsx';
import { SaveDialog } from '#renderer/features/transfer/save-dialog.tsx';
import { StartVerifyDialog } from '#renderer/features/verify/start-verify-dialog.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import { ConfirmBox } from './confirm-box.tsx';
import type { Dialog } from './dialog.ts';
import { ErrorBox } from './error-box.tsx';
import { Palette } from './palette.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

/** Draws the one dialog that is open. */
export function DialogHost(): ReactNode {
  const dialog = useApp((state) => state.dialogs.open);
  const close = useApp((state) => state.dialogs.close);
  // What a dialog does at the end of its work closes itself, not one that was opened while that went on.
  return dialog === null ? null : drawDialog(dialog, () => close(dialog));
}

function drawDialog(dialog: Dialog, close: () => void): ReactNode {
  switch (dialog.kind) {
    case 'palette':
      return <Palette onClose={close} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={close} />;
    case 'confirm':
      return <ConfirmBox dialog={dialog} onClose={close} />;
    case 'error':
      return <ErrorBox title={dialog.title} error={dialog.error} onClose={close} />;
    case 'tag-image':
      return <TagDialog image={dialog.image} onClose={close} />;
    case 'pin-base':
      return <PinDialog use={dialog.use} onClose={close} />;
    case 'tag-move':
      return <TagMoveDialog move={dialog.move} onClose={close} />;
    case 'compare-image':
      return <CompareDialog image={dialog.image} onClose={close} />;
    case 'push-image':
      return <PushDialog image={dialog.image} target={dialog.target} onClose={close} />;
    case 'pull-image':
      return (
        <PullDialog
          reference={dialog.reference ?? ''}
          engine={dialog.engine}
          platform={dialog.platform}
          onClose={close}
        />
      );
    case 'save-image':
      return <SaveDialog image={dialog.image} onClose={close} />;
    case 'send-images':
      return <SendDialog images={dialog.images} to={dialog.to} onClose={close} />;
    case 'take-images':
      return <TakeDialog images={dialog.images} why={dialog.why} onClose={close} />;
    case 'open-archive':
      return <OpenArchiveDialog path={dialog.path} onClose={close} />;
    case 'load-image':
      return <LoadDialog onClose={close} />;
    case 'operation':
      return <OperationDialog operationId={dialog.operationId} onClose={close} />;
    case 'remove-images':
      return <RemoveImagesDialog engine={dialog.engine} ids={dialog.ids} onClose={close} />;
    case 'sign-in':
      return <SignInDialog host={dialog.host} next={dialog.next} resume={dialog.resume} onClose={close} />;
    case 'delete-tag':
      return <DeleteTagDialog reference={dialog.reference} onClose={close} />;
    case 'copy-image':
      return <CopyDialog from={dialog.from} to={dialog.to} onClose={close} />;
    case 'trust-certificate':
      return <TrustDialog host={dialog.host} next={dialog.next} resume={dialog.resume} onClose={close} />;
    case 'add-project':
      return <AddProjectDialog onClose={close} />;
    case 'create-sample':
      return <CreateSampleDialog onClose={close} />;
    case 'verify-build':
      return <StartVerifyDialog projectId={dialog.projectId} onClose={close} />;
    case 'build-options':
      return <BuildOptionsDialog projectId={dialog.projectId} onClose={close} />;
  }
}
