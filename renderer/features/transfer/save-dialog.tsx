import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import { FormatChoice } from './format-choice.tsx';

/** Asks in which form an image is written into a file. */
export function SaveDialog(props: { readonly image: DialogImage; onClose(): void }): ReactNode {
  const { image, onClose } = props;
  const [format, setFormat] = useState<'oci' | 'docker'>('oci');
  const save = useApp((state) => state.transfers.save);
  const { attempt, error, isBusy } = useAttempt();
  return (
    <DialogFrame
      title={`Save ${image.name}`}
      size="small"
      onClose={onClose}
      onSubmit={() => void attempt(() => save(image, format))}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={isBusy}>
            Save…
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <FormatChoice value={format} onValue={setFormat} />
    </DialogFrame>
  );
}
