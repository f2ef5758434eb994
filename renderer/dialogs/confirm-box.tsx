import { type ReactNode, useState } from 'react';
import { toErrorView } from '#renderer/client/failure.ts';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import type { ErrorView } from '#shared/contract/common.ts';
import styles from './confirm-box.module.css';
import type { ConfirmDialog } from './dialog.ts';

/** Asks before something that cannot be undone; a failure is shown in place. */
export function ConfirmBox(props: { readonly dialog: ConfirmDialog; onClose(): void }): ReactNode {
  const { dialog, onClose } = props;
  const [error, setError] = useState<ErrorView>();
  const [isBusy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await dialog.run();
      onClose();
    } catch (failure) {
      setError(toErrorView(failure));
      setBusy(false);
    }
  };
  return (
    <DialogFrame
      title={dialog.title}
      size="small"
      onClose={onClose}
      onSubmit={() => void confirm()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone={dialog.danger ? 'danger' : 'primary'} disabled={isBusy}>
            {dialog.confirm}
          </Button>
        </>
      }
    >
      {error === undefined ? null : <ErrorNotice error={error} />}
      <p>{dialog.message}</p>
      {dialog.items === undefined ? null : (
        <ul className={styles.items}>
          {dialog.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
    </DialogFrame>
  );
}
