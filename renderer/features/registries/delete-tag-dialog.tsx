import { type ReactNode, useState } from 'react';
import { toErrorView } from '#renderer/client/failure.ts';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { splitName } from '#renderer/features/images/image-rows.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ErrorView } from '#shared/contract/common.ts';
import { formatCount } from '#shared/format/count.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import styles from './registries.module.css';

/** Deletes a tag at its registry after its name was typed; where that deletes images alone, says so and asks again. */
export function DeleteTagDialog(props: { readonly reference: string; onClose(): void }): ReactNode {
  const { reference, onClose } = props;
  const store = useAppStore();
  const { tag } = splitName(reference);
  const digest = useApp(({ remoteTags }) => {
    const fact = remoteTags.facts[tag];
    return fact?.status === 'ready' ? fact.value.digest : undefined;
  });
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState<ErrorView>();
  const { attempt, error, isBusy } = useAttempt();
  const byDigest = refusal !== undefined;
  const isReady = typed.trim() === tag && !isBusy;
  const remove = (): void => {
    if (!isReady) return;
    void attempt(async () => {
      const { remoteTags, toasts } = store.getState();
      try {
        await remoteTags.remove(reference, { byDigest, confirmName: tag });
      } catch (failure) {
        const view = toErrorView(failure);
        if (byDigest || view.code !== 'unsupported') throw failure;
        setTyped('');
        setRefusal(view);
        return;
      }
      toasts.add({ tone: 'done', title: `${reference} is deleted`, detail: digest });
      onClose();
    });
  };
  return (
    <DialogFrame
      title={byDigest ? 'Delete the image with all its tags?' : `Delete ${tag}?`}
      size="small"
      onClose={onClose}
      onSubmit={remove}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="danger" disabled={!isReady}>
            {byDigest ? 'Delete the image' : 'Delete the tag'}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {refusal === undefined ? (
        <p>
          Nobody can pull <b className={text.mono}>{reference}</b> any more.
          {digest === undefined ? null : (
            <>
              {' '}
              It names <span className={text.mono}>{shortenDigest(digest)}</span>.
            </>
          )}{' '}
          Images on this machine stay.
        </p>
      ) : error === null ? (
        <Notice tone="warn" title="This registry deletes whole images alone">
          {refusal.message}
        </Notice>
      ) : null}
      {byDigest ? <TagsGone digest={digest} tag={tag} /> : null}
      <TextField
        key={String(byDigest)}
        label={`Type ${tag} to confirm`}
        mono
        autoFocus
        value={typed}
        onValue={setTyped}
      />
    </DialogFrame>
  );
}

/** The tags that are known to go with the image. Those that were never in view are not known. */
function TagsGone(props: { readonly digest: string | undefined; readonly tag: string }): ReactNode {
  const facts = useApp((state) => state.remoteTags.facts);
  const others = Object.entries(facts)
    .filter(([tag, fact]) => {
      return tag !== props.tag && fact.status === 'ready' && fact.value.digest === props.digest;
    })
    .map(([tag]) => tag);
  return (
    <div>
      The image {props.digest === undefined ? '' : shortenDigest(props.digest)} goes, and with it every tag
      that names it
      {others.length === 0 ? '.' : `; of those in the list ${formatCount(others.length, 'other tag')}:`}
      {others.length === 0 ? null : <div className={styles.gone}>{others.slice(0, 40).join(', ')}</div>}
    </div>
  );
}
