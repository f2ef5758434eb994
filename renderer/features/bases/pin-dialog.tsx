import { type ReactNode, useEffect } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { ProgressBar } from '#renderer/components/progress-bar.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BaseUse, PinnedLine } from '#shared/contract/bases.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { pinTarget } from './base-words.ts';
import styles from './bases.module.css';

/** Shows the line as it is and as it would be, and writes it. */
export function PinDialog(props: { readonly use: BaseUse; onClose(): void }): ReactNode {
  const { use, onClose } = props;
  const store = useAppStore();
  const preview = useApp((state) => state.bases.preview);
  const { attempt, error, isBusy } = useAttempt();
  useEffect(() => void store.getState().bases.previewPin(use, pinTarget(use)), [store, use]);
  const change = preview.status === 'ready' ? preview.value : null;
  const write = (): void => {
    if (change === null) return;
    void attempt(async () => {
      await store.getState().bases.pin(change);
      onClose();
    });
  };
  return (
    <DialogFrame
      title={`Pin ${use.reference ?? use.written}`}
      size="wide"
      onClose={onClose}
      onSubmit={write}
      note="With a digest each build begins with the same bytes."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={change === null || isBusy}>
            Write into the Dockerfile
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <ErrorNotice
          error={error}
          actions={
            <Button tone="link" onClick={() => void store.getState().bases.previewPin(use, pinTarget(use))}>
              Look at the line again
            </Button>
          }
        />
      )}
      {preview.status === 'failed' ? <ErrorNotice error={preview.error} /> : null}
      {change === null ? (
        preview.status === 'failed' ? null : (
          <ProgressBar label="Asking what it names" value={null} />
        )
      ) : (
        <>
          <Choice use={use} change={change} />
          <Difference change={change} />
        </>
      )}
    </DialogFrame>
  );
}

/** Where the digest is from, with the other one where store and registry do not agree. */
function Choice(props: { readonly use: BaseUse; readonly change: PinnedLine }): ReactNode {
  const { use, change } = props;
  const store = useAppStore();
  const isHere = change.digest === use.localDigest;
  const other = [use.localDigest, use.registryDigest].find(
    (digest) => digest !== null && digest !== change.digest,
  );
  const choose = (): void => void store.getState().bases.previewPin(use, other ?? undefined);
  return (
    <Notice
      actions={
        other == null || use.state === 'pinned' ? undefined : (
          <Button tone="link" onClick={choose}>
            {isHere ? 'Take the newer one of the registry' : 'Take the one that is here'} (
            {shortenDigest(other)})
          </Button>
        )
      }
    >
      {isHere
        ? 'This is the image in this store, with which builds begin now.'
        : 'This is what the tag names at its registry now; a build will pull it once.'}
      <div className={styles.digest}>
        <code>{change.digest}</code>
        <CopyButton label="Copy the digest" text={change.digest} />
      </div>
    </Notice>
  );
}

function Difference({ change }: { readonly change: PinnedLine }): ReactNode {
  return (
    <figure className={styles.difference} aria-label={`Change of line ${change.line}`}>
      <figcaption className={text.faint}>
        {change.path}, line {change.line}
      </figcaption>
      <div className={styles.removed}>
        <span aria-hidden>−</span>
        <del>{change.before}</del>
      </div>
      <div className={styles.added}>
        <span aria-hidden>+</span>
        <ins>{change.after}</ins>
      </div>
    </figure>
  );
}
