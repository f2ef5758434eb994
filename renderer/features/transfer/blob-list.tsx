import { type ReactNode, useMemo } from 'react';
import { Countdown } from '#renderer/components/countdown.tsx';
import { ProgressBar } from '#renderer/components/progress-bar.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { TransferBlob } from '#shared/contract/operations.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import { blobWords, joinPresent } from './blob-words.ts';
import styles from './transfer.module.css';

/** How far each layer of a transfer is; those that were there already are one line. */
export function BlobList(props: {
  readonly blobs: readonly TransferBlob[];
  /** What "there already" is called: "already there" in a push, "already here" in a pull. */
  readonly isPush: boolean;
}): ReactNode {
  const blobs = useMemo(() => joinPresent(props.blobs), [props.blobs]);
  return (
    <ul className={styles.blobs} aria-label="Layers">
      {blobs.map((blob) => (
        <BlobLine key={blob.digest} blob={blob} isPush={props.isPush} />
      ))}
    </ul>
  );
}

function BlobLine({ blob, isPush }: { readonly blob: TransferBlob; readonly isPush: boolean }): ReactNode {
  const words = blobWords(blob, isPush);
  const isMoving = blob.state === 'transferring' || blob.state === 'retrying' || blob.state === 'verifying';
  return (
    <li className={styles.blob}>
      <span className={styles.label} title={`${shortenCommand(blob.label)}\n${blob.digest}`}>
        {shortenCommand(blob.label)}
      </span>
      <span className={styles.end}>
        <Bytes value={blob.size} />
      </span>
      <span>
        {isMoving ? (
          <ProgressBar label={shortenCommand(blob.label)} value={blob.done / Math.max(1, blob.size)} />
        ) : null}
      </span>
      <span className={classNames(styles.state, words.tone && text[words.tone])} title={blob.note}>
        {words.text}
        {blob.state === 'retrying' && blob.retryAt !== undefined ? (
          <>
            {' '}
            <Countdown to={blob.retryAt} />
          </>
        ) : null}
      </span>
      {words.why === undefined ? null : (
        <span className={classNames(styles.why, words.tone && text[words.tone])}>{words.why}</span>
      )}
    </li>
  );
}
