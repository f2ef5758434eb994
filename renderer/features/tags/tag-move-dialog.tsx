import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { TagMove } from '#shared/contract/tags.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { isImmutable } from '#shared/oci/immutable-tags.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { authorWords, canRollBack, moverWords } from './journal-rows.ts';
import styles from './tag-move-dialog.module.css';

const NONE: readonly string[] = [];

/** One move of the journal in full, what the tag names now, and the way back to what it named before. */
export function TagMoveDialog(props: { readonly move: TagMove; onClose(): void }): ReactNode {
  const { move, onClose } = props;
  const store = useAppStore();
  const now = useApp((state) => state.journal.now);
  const marked = useApp((state) => valueOr(state.settings.value, undefined)?.immutableRepositories ?? NONE);
  const [typed, setTyped] = useState('');
  const { attempt, error, isBusy } = useAttempt();
  useEffect(() => void store.getState().journal.look(move), [store, move]);

  const tag = parseReference(move.name).tag ?? 'latest';
  const mustType = move.host !== null && isImmutable(marked, parseReference(move.name));
  const isDone = now.status === 'ready' && now.value === move.from;
  const rollBack = (): void =>
    void attempt(async () => {
      await store.getState().journal.rollBack(move, mustType ? typed.trim() : undefined);
      onClose();
    });
  return (
    <DialogFrame
      title={move.name}
      size="wide"
      onClose={onClose}
      onSubmit={() => {
        if (canRollBack(move) && !isDone && !isBusy) rollBack();
      }}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          {canRollBack(move) ? (
            <Button
              type="submit"
              tone="primary"
              disabled={isBusy || (mustType && typed.trim() !== tag)}
              unavailable={isDone ? 'The tag names that already.' : undefined}
            >
              Roll back
            </Button>
          ) : null}
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <dl className={styles.facts}>
        <dt>Moved</dt>
        <dd>
          <Age at={move.time} ago />
          <span className={text.dim}>
            {moverWords(move)}
            {authorWords(move) === '' ? '' : ` by ${authorWords(move)}`}
          </span>
        </dd>
        <dt>Where</dt>
        <dd>{move.host ?? 'in this store'}</dd>
        <dt>Before</dt>
        <dd>
          <Named digest={move.from} />
        </dd>
        <dt>Then</dt>
        <dd>
          <Named digest={move.to} />
        </dd>
        <dt>Now</dt>
        <dd>
          {now.status === 'ready' ? (
            <Named digest={now.value} />
          ) : now.status === 'failed' ? (
            <span className={text.bad}>{now.error.message}</span>
          ) : (
            <span className={text.faint}>asking…</span>
          )}
        </dd>
      </dl>
      <Outlook move={move} isDone={isDone} />
      {mustType && canRollBack(move) ? (
        <TextField
          label={`Its repository is marked as immutable: type ${tag} to move the tag`}
          mono
          value={typed}
          onValue={setTyped}
        />
      ) : null}
    </DialogFrame>
  );
}

/** What a roll back would do, in a sentence. */
function Outlook(props: { readonly move: TagMove; readonly isDone: boolean }): ReactNode {
  const { host, from } = props.move;
  if (props.isDone) return <Notice tone="ok">The tag names now what it named before this move.</Notice>;
  if (from === null)
    return host === null ? (
      <Notice>Rolling back takes the tag away again: it was free before. The image stays.</Notice>
    ) : (
      <Notice title="The tag was free before this move">
        It is not taken away by a roll back, since a registry may delete the image with its tag. Delete it in
        Registries where that is meant.
      </Notice>
    );
  return (
    <Notice>
      {host === null
        ? `Rolling back lets the tag name ${shortenDigest(from)} again, as long as that image is in the store.`
        : `Rolling back sends the manifest of ${shortenDigest(from)} to ${host} again under this tag. No layer is sent, unless ${host} has deleted that image: then it comes from the store.`}
    </Notice>
  );
}

function Named({ digest }: { readonly digest: string | null }): ReactNode {
  if (digest === null) return <span className={text.faint}>nothing</span>;
  return (
    <>
      <code className={styles.digest}>{digest}</code>
      <CopyButton label={`Copy ${digest}`} text={digest} />
    </>
  );
}
