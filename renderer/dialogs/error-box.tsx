import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import type { ErrorView } from '#shared/contract/common.ts';

/** An error that belongs to no place on the screen. */
export function ErrorBox(props: {
  readonly title: string;
  readonly error: ErrorView;
  onClose(): void;
}): ReactNode {
  return (
    <DialogFrame
      title={props.title}
      size="small"
      onClose={props.onClose}
      actions={<Button onClick={props.onClose}>Close</Button>}
    >
      <ErrorNotice error={props.error} />
    </DialogFrame>
  );
}
