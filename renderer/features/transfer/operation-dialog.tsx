import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { ProgressBar } from '#renderer/components/progress-bar.tsx';
import { VerifyDialog } from '#renderer/features/verify/verify-dialog.tsx';
import type { OperationView } from '#renderer/store/operation-events.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { Operation } from '#shared/contract/operations.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { BlobList } from './blob-list.tsx';
import { transferNote } from './blob-words.ts';
import { FailureActions } from './failure-actions.tsx';
import { OperationOutcome } from './operation-outcome.tsx';
import { RetryNotice } from './retry-notice.tsx';

/** A push, pull, save, load or verification while it goes on and after its end. Closing the dialog does not stop it. */
export function OperationDialog(props: { readonly operationId: string; onClose(): void }): ReactNode {
  const { operationId, onClose } = props;
  const view = useApp((state) => state.operations.byId[operationId]);
  if (view === undefined)
    return (
      <DialogFrame title="Starting…" onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
        <ProgressBar label="Starting" value={null} />
      </DialogFrame>
    );
  return view.operation.kind === 'verify' ? (
    <VerifyDialog view={view} onClose={onClose} />
  ) : (
    <OperationBody view={view} onClose={onClose} />
  );
}

function OperationBody(props: { readonly view: OperationView; onClose(): void }): ReactNode {
  const { view, onClose } = props;
  const { operation, blobs } = view;
  const store = useAppStore();
  const isRunning = operation.state === 'running';
  return (
    <DialogFrame
      title={operation.title}
      onClose={onClose}
      note={noteOf(view)}
      actions={
        isRunning ? (
          <>
            <Button onClick={() => void store.getState().operations.cancel(operation.id)}>Cancel</Button>
            <Button tone="primary" onClick={onClose}>
              Run in background
            </Button>
          </>
        ) : (
          <FailureActions operation={operation} onClose={onClose} />
        )
      }
    >
      {isRunning ? <OverallBar operation={operation} /> : null}
      <RetryNotice view={view} />
      {operation.state === 'failed' && operation.error !== null ? (
        <ErrorNotice error={operation.error} />
      ) : null}
      {operation.state === 'cancelled' ? (
        <Notice title="Cancelled">{CANCELLED[operation.kind] ?? 'Nothing was left behind.'}</Notice>
      ) : null}
      {operation.state === 'done' ? <OperationOutcome operation={operation} /> : null}
      {blobs.length === 0 ? null : <BlobList blobs={blobs} isPush={operation.kind === 'push'} />}
    </DialogFrame>
  );
}

const CANCELLED: Partial<Record<Operation['kind'], string>> = {
  push: 'The layers that were sent stay there and are not sent again.',
  pull: 'What was fetched is kept: the next pull goes on from there.',
};

function OverallBar({ operation }: { readonly operation: Operation }): ReactNode {
  const { progress, title } = operation;
  const value = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return <ProgressBar label={title} value={value} />;
}

/** How far work without single blobs is; engines tell sizes only about. */
function bytesNote({ progress }: Operation): string | undefined {
  if (progress?.unit !== 'bytes' || progress.total === 0) return undefined;
  return `${formatBytes(progress.done)} of about ${formatBytes(progress.total)}`;
}

function noteOf({ operation, blobs }: OperationView): string | undefined {
  const isRunning = operation.state === 'running';
  return transferNote(operation.kind, isRunning, blobs) ?? (isRunning ? bytesNote(operation) : undefined);
}
